import assert from 'node:assert/strict';
import type { CodesView, PageMessage } from '../../src/protocol/enrolment';
import {
  otherKinds,
  phoneDevice,
  resyncing,
  resyncPractice,
  resyncWrong,
  serialStep,
  seventeenSecondsLeft,
  snapshot,
  strings,
  tokenAsked,
  tokenEnabling,
  tokenPractice,
  tokenReady,
  tokenWrong,
} from './fixtures';
import { type OpenedPage, PageUnderTest } from './page';

describe('Enable MFA page: a hardware token, and resync', function () {
  this.timeout(120_000);
  let pages: PageUnderTest;
  before(async () => {
    pages = await PageUnderTest.start();
  });
  after(() => pages.stop());

  async function open(view: CodesView): Promise<OpenedPage> {
    const opened = await pages.open({ snapshot: snapshot(view) });
    await opened.forgetSent();
    return opened;
  }

  const serial = ({ page }: OpenedPage) => page.getByRole('textbox', { name: 'Serial number', exact: true });
  const button = ({ page }: OpenedPage, name: string) => page.getByRole('button', { name, exact: true });

  function currentStep({ page }: OpenedPage): Promise<string[]> {
    return page.locator('[aria-current=step] h2').allTextContents();
  }

  it('shows no countdown where nobody knows when the next code comes', async () => {
    const timed = await open(tokenAsked);
    assert.equal(await timed.page.getByRole('timer').count(), 1);
    const untimed = await pages.open({
      snapshot: { ...snapshot(tokenAsked), strings: { ...strings, countdown: '' } },
    });
    assert.equal(await untimed.page.getByRole('timer').count(), 0);
  });

  describe('the serial number', () => {
    it('is where it begins, and the editor is told each change', async () => {
      const opened = await open(tokenAsked);
      assert.equal(await opened.focused(), 'serial');
      await opened.page.keyboard.type('GAH');
      assert.deepEqual(
        await opened.sent(),
        ['G', 'GA', 'GAH'].map((typed) => ({ type: 'serial', enrolment: 1, serial: typed })),
      );
    });

    it('goes on to Code 1 on Enter, and sends nothing more', async () => {
      const opened = await open(tokenAsked);
      await opened.page.keyboard.type('G');
      await opened.forgetSent();
      await opened.page.keyboard.press('Enter');
      assert.equal(await opened.focused(), 'code1');
      assert.deepEqual(await opened.sent(), []);
    });

    it('is passed over where it is filled in, but not where it is wrong', async () => {
      assert.equal(await (await open(tokenReady)).focused(), 'code2', 'Code 1 is whole');
      assert.equal(await (await open({ ...tokenReady, code1: '', code2: '' })).focused(), 'code1');
      assert.equal(await (await open(tokenWrong)).focused(), 'serial');
    });

    it('keeps the focus, the caret and what is being typed when a snapshot comes', async () => {
      const opened = await open(tokenAsked);
      await opened.page.keyboard.type('GAHT12');
      await opened.page.keyboard.press('ArrowLeft');
      // An older snapshot: the editor has only seen two letters.
      await opened.send(snapshot({ ...tokenAsked, first: { ...serialStep, serial: 'GA', hint: 'Go on.' } }));
      assert.equal(await serial(opened).inputValue(), 'GAHT12');
      assert.equal(await opened.focused(), 'serial');
      assert.equal(await opened.page.evaluate('document.activeElement.selectionStart'), 5);
    });

    it('is taken over where its revision, or the device, is new', async () => {
      const opened = await open(tokenAsked);
      await opened.page.keyboard.type('GA');
      await opened.send(
        snapshot({ ...tokenAsked, first: { ...serialStep, serial: 'GAHT00000001', serialRevision: 1 } }),
      );
      assert.equal(await serial(opened).inputValue(), 'GAHT00000001');
      await opened.send(snapshot({ ...tokenAsked, enrolment: 2, first: { ...serialStep, serialRevision: 1 } }));
      assert.equal(await serial(opened).inputValue(), '');
      await serial(opened).fill('G');
      assert.deepEqual(await opened.lastSent(), { type: 'serial', enrolment: 2, serial: 'G' });
    });

    it('says below the field what is wrong, to the eye and to a screen reader', async () => {
      const opened = await open(tokenAsked);
      const { page } = opened;
      const hint = page.locator(`#${(await serial(opened).getAttribute('aria-describedby')) ?? ''}`);
      assert.equal(await hint.innerText(), serialStep.hint);
      assert.equal(await serial(opened).getAttribute('aria-invalid'), null);
      await opened.send(snapshot(tokenWrong));
      assert.equal(await hint.innerText(), 'A serial number has no spaces.');
      assert.equal(await hint.getAttribute('role'), 'status', 'the change is read out');
      assert.equal(await serial(opened).getAttribute('aria-invalid'), 'true');
      await opened.send(snapshot(tokenAsked));
      assert.equal(await serial(opened).getAttribute('aria-invalid'), null);
    });

    it('can be filled in by the practice account alone', async () => {
      assert.equal(await button(await open(tokenAsked), 'Use a Practice Token').count(), 0);
      const opened = await open(tokenPractice);
      await button(opened, 'Use a Practice Token').press('Enter');
      assert.deepEqual(await opened.sent(), [{ type: 'action', id: 'practiceToken' }] satisfies PageMessage[]);
    });

    it('makes its step done once it is left, filled in and not wrong', async () => {
      const opened = await open(tokenAsked);
      const first = serialStep.title;
      assert.deepEqual(await currentStep(opened), [`${first} (current step)`]);
      await opened.page.keyboard.type('GAHT12345678');
      await opened.send(snapshot({ ...tokenAsked, first: { ...serialStep, hint: 'Go on.' } }));
      assert.deepEqual(await currentStep(opened), [`${first} (current step)`], 'while it is being typed');
      await opened.page.keyboard.press('Enter');
      assert.deepEqual(await currentStep(opened), [`${strings.codesTitle} (current step)`]);
      assert.ok(await opened.page.getByRole('heading', { name: `${first} (done)`, exact: true }).isVisible());
      await opened.send(snapshot({ ...tokenAsked, first: { ...serialStep, wrong: true } }));
      assert.deepEqual(await currentStep(opened), [`${first} (current step)`]);
    });
  });

  describe('the two codes', () => {
    it('are told to the editor, and sent by the button and by Enter', async () => {
      const opened = await open(tokenAsked);
      await opened.page.getByLabel('Code 1').fill('482913');
      assert.deepEqual(await opened.lastSent(), { type: 'codes', enrolment: 1, code1: '482913', code2: '' });
      await opened.send(snapshot(tokenReady));
      await opened.forgetSent();
      await button(opened, 'Enable Token').click();
      await opened.page.getByLabel('Code 2').press('Enter');
      const submit: PageMessage = { type: 'submit', enrolment: 1, code1: '482913', code2: '071554' };
      assert.deepEqual(await opened.sent(), [submit, submit]);
    });

    it('are not sent while they cannot work', async () => {
      const opened = await open({ ...tokenReady, canSubmit: false });
      await button(opened, 'Enable Token').click({ force: true });
      await opened.page.getByLabel('Code 2').press('Enter');
      assert.deepEqual(await opened.sent(), []);
    });

    it('say what is wrong with them as they do after a scan', async () => {
      const opened = await open(resyncWrong);
      assert.equal(await opened.page.getByLabel('Code 2').getAttribute('aria-invalid'), 'true');
      assert.equal(await opened.page.getByRole('alert').filter({ hasText: 'same as Code 1' }).count(), 1);
    });

    it('have the time to the next one, by the editor’s true time', async () => {
      const opened = await pages.open({ clockAt: Date.UTC(2001, 0, 1), snapshot: snapshot(tokenAsked) });
      const said = () => opened.page.getByRole('timer').first().getAttribute('aria-label');
      assert.equal(await said(), 'Your app shows a new code in 17 s');
      await opened.page.clock.runFor(16_200);
      assert.equal(await said(), 'Your app shows a new code in 1 s');
      await opened.send(snapshot({ ...tokenAsked, now: seventeenSecondsLeft + 7_000 }));
      assert.equal(await said(), 'Your app shows a new code in 10 s');
    });

    it('leave the focus where it is while AWS is asked, and let nothing be changed', async () => {
      const opened = await open({ ...tokenReady, first: { ...tokenPractice.first } });
      const { page } = opened;
      await button(opened, 'Enable Token').focus();
      await opened.send(snapshot({ ...tokenEnabling, first: { ...tokenPractice.first } }));
      assert.match(await opened.focused(), /Enabling the token…/);
      await opened.forgetSent();
      await page.keyboard.press('Enter');
      await serial(opened).pressSequentially('1');
      await page.getByLabel('Code 1').pressSequentially('1');
      await page.getByLabel('Code 1').press('Enter');
      for (const name of ['Cancel', 'Use an authenticator app instead', 'Use a Practice Token']) {
        await button(opened, name).click({ force: true });
      }
      assert.deepEqual(await opened.sent(), []);
    });
  });

  it('offers other kinds of device in the first step, as after a scan', async () => {
    const opened = await open(tokenAsked);
    await button(opened, 'Use an authenticator app instead').press('Enter');
    await opened.send(snapshot(otherKinds));
    for (const { label } of otherKinds.others) {
      await opened.page.getByRole('listitem').first().getByRole('button', { name: label, exact: true }).click();
    }
    assert.deepEqual(await opened.sent(), [
      { type: 'action', id: 'useApp' },
      { type: 'action', id: 'useToken' },
      { type: 'action', id: 'usePasskey' },
    ] satisfies PageMessage[]);
  });

  it('is walked by the keyboard alone in the order of the steps', async () => {
    const opened = await open({ ...tokenPractice, phone: { code: '482913' } });
    const order = [await opened.focused()];
    for (let index = 1; index < 9; index++) {
      await opened.page.keyboard.press('Tab');
      order.push(await opened.focused());
    }
    assert.deepEqual(order, [
      'serial',
      'Use a Practice Token',
      'Use an authenticator app instead',
      strings.phoneFill,
      strings.phoneHide,
      'code1',
      'code2',
      'Enable Token',
      'Cancel',
    ]);
  });

  it('shows which device is set right, and begins in Code 1', async () => {
    const opened = await open(resyncing);
    const { page } = opened;
    assert.equal(await opened.focused(), 'code1');
    const first = page.getByRole('listitem').first();
    for (const words of [phoneDevice.name, phoneDevice.kind, phoneDevice.serial]) {
      assert.ok(await first.getByText(words, { exact: true }).filter({ visible: true }).isVisible(), words);
    }
    assert.deepEqual(await currentStep(opened), [`${strings.codesTitle} (current step)`]);
    assert.ok(await button(opened, 'Resync').isVisible());
    assert.ok(await page.getByText('Cancel changes nothing in AWS.').isVisible());
  });

  it('begins anew where another kind of first step comes', async () => {
    const opened = await open(tokenAsked);
    await opened.send(snapshot(resyncing));
    assert.equal(await opened.focused(), 'code1');
    assert.equal(await serial(opened).count(), 0);
    await opened.send(snapshot(tokenAsked));
    assert.equal(await opened.focused(), 'serial');
  });

  it('types the code of the practice phone into Code 1, then the next one into Code 2', async () => {
    const opened = await open(resyncPractice);
    await button(opened, strings.phoneFill).click();
    assert.deepEqual(await opened.lastSent(), { type: 'codes', enrolment: 1, code1: '482913', code2: '' });
    assert.equal(await button(opened, strings.phoneFill).getAttribute('aria-disabled'), 'true');
    await opened.send(snapshot({ ...resyncPractice, phone: { code: '071554' } }));
    await button(opened, strings.phoneFill).click();
    assert.deepEqual(await opened.lastSent(), { type: 'codes', enrolment: 1, code1: '482913', code2: '071554' });
  });
});
