import assert from 'node:assert/strict';
import type { PageMessage, ProveView } from '../../src/protocol/enrolment';
import {
  phoneDevice,
  proofAsked,
  proofPractice,
  proofRefused,
  proving,
  seventeenSecondsLeft,
  snapshot,
  strings,
  tokenDevice,
} from './fixtures';
import { type OpenedPage, PageUnderTest } from './page';

describe('Enable MFA page: a code as proof', function () {
  this.timeout(120_000);
  let pages: PageUnderTest;
  before(async () => {
    pages = await PageUnderTest.start();
  });
  after(() => pages.stop());

  async function open(view: ProveView = proving): Promise<OpenedPage> {
    const opened = await pages.open({ snapshot: snapshot(view) });
    await opened.forgetSent();
    return opened;
  }

  const code = ({ page }: OpenedPage) => page.getByRole('textbox', { name: 'Code', exact: true });
  const button = ({ page }: OpenedPage, name: string) => page.getByRole('button', { name, exact: true });
  const radio = ({ page }: OpenedPage, name: string) => page.getByRole('radio', { name, exact: true });

  /** The radio button covers its card, so whatever is pressed there is the button. */
  const pressOn = ({ page }: OpenedPage, words: string) => page.getByText(words).click({ force: true });

  const withPhone: PageMessage = { type: 'prove', serial: phoneDevice.serial, code: '482913' };

  it('begins in the code field, and a screen reader hears there why', async () => {
    const opened = await open(proofRefused);
    assert.equal(await opened.focused(), 'code');
    assert.ok(await opened.page.getByRole('heading', { level: 2, name: proving.title, exact: true }).isVisible());
    const described = ((await code(opened).getAttribute('aria-describedby')) ?? '').split(' ');
    const words = await Promise.all(described.map((id) => opened.page.locator(`#${id}`).innerText()));
    assert.equal(words[0], proving.text);
    assert.match(words[1] ?? '', /^AWS did not take this code\./);
    assert.equal(await opened.page.getByRole('alert').filter({ hasText: 'did not take' }).count(), 1);
    assert.equal(await code(opened).getAttribute('inputmode'), 'numeric');
    assert.equal(await code(opened).getAttribute('autocomplete'), 'one-time-code');
  });

  describe('the devices', () => {
    it('are one group of radio buttons, moved in by the arrow keys, and the editor is told', async () => {
      const opened = await open();
      const { page } = opened;
      assert.equal(await page.getByRole('group', { name: strings.proofDevices }).getByRole('radio').count(), 2);
      assert.ok(await radio(opened, 'alice virtual device').isChecked());
      await page.keyboard.press('Shift+Tab');
      assert.equal(await opened.focused(), 'alice virtual device');
      await page.keyboard.press('ArrowDown');
      assert.equal(await opened.focused(), 'GAHT12345678 hardware token');
      assert.ok(await radio(opened, 'GAHT12345678 hardware token').isChecked());
      assert.deepEqual(await opened.sent(), [
        { type: 'proofDevice', serial: tokenDevice.serial },
      ] satisfies PageMessage[]);
      await page.keyboard.press('Tab');
      assert.equal(await opened.focused(), 'code');
    });

    it('are chosen by a click anywhere on the card', async () => {
      const opened = await open();
      await pressOn(opened, 'hardware token');
      assert.deepEqual(await opened.sent(), [
        { type: 'proofDevice', serial: tokenDevice.serial },
      ] satisfies PageMessage[]);
    });

    it('need no choice where there is one alone', async () => {
      const opened = await open(proofPractice);
      assert.equal(await opened.page.getByRole('radio').count(), 0);
      assert.ok(await opened.page.getByText('virtual device').isVisible());
      await opened.page.keyboard.type('482913');
      await opened.page.keyboard.press('Enter');
      assert.deepEqual(await opened.sent(), [withPhone]);
    });

    it('stay chosen, with the focus, when a snapshot comes, even one with a further device', async () => {
      const opened = await open();
      await opened.page.keyboard.press('Shift+Tab');
      await opened.page.keyboard.press('ArrowDown');
      await opened.send(snapshot(proving));
      assert.ok(await radio(opened, 'GAHT12345678 hardware token').isChecked());
      const further = { ...phoneDevice, name: 'spare', serial: 'arn:aws:iam::123456789012:mfa/spare' };
      await opened.send(snapshot({ ...proving, devices: [...proving.devices, further] }));
      assert.equal(await opened.page.getByRole('radio').count(), 3);
      assert.ok(await radio(opened, 'GAHT12345678 hardware token').isChecked());
      assert.equal(await opened.focused(), 'GAHT12345678 hardware token');
    });
  });

  describe('the code', () => {
    it('is sent by Enter or the button, of the device that is chosen, and never by itself', async () => {
      const opened = await open();
      await opened.page.keyboard.type('482913');
      assert.deepEqual(await opened.sent(), []);
      await opened.page.keyboard.press('Enter');
      assert.deepEqual(await opened.sent(), [withPhone]);
      await radio(opened, 'GAHT12345678 hardware token').check();
      await button(opened, strings.prove).click();
      assert.deepEqual(await opened.lastSent(), { type: 'prove', serial: tokenDevice.serial, code: '482913' });
    });

    it('is not sent before it has six digits, though the button can have the focus', async () => {
      const opened = await open();
      await opened.page.keyboard.type('48291');
      await opened.page.keyboard.press('Enter');
      assert.equal(await button(opened, strings.prove).getAttribute('aria-disabled'), 'true');
      await button(opened, strings.prove).click({ force: true });
      await button(opened, strings.prove).press('Enter');
      assert.deepEqual(await opened.sent(), []);
      await code(opened).focus();
      await opened.page.keyboard.type('3');
      assert.equal(await button(opened, strings.prove).getAttribute('aria-disabled'), null);
    });

    it('holds digits only, at most six', async () => {
      const opened = await open();
      await opened.page.keyboard.type('a1 2-３4x5678');
      assert.equal(await code(opened).inputValue(), '123456');
    });

    for (const [what, text, expected] of [
      ['one code with a space', ' 482 913\n', '482913'],
      ['the first of two', '482913 071554', '482913'],
    ] as const) {
      it(`takes ${what} from the clipboard in place of a half-typed one, and does not send it`, async () => {
        const opened = await open();
        await opened.page.keyboard.type('12');
        await opened.paste(text);
        await opened.page.waitForFunction(`document.getElementById('code').value.length === 6`);
        assert.equal(await code(opened).inputValue(), expected);
        assert.deepEqual(await opened.sent(), []);
      });
    }

    it('stays, with the caret, when a snapshot comes, and is taken over where its revision is new', async () => {
      const opened = await open();
      await opened.page.keyboard.type('48291');
      await opened.page.keyboard.press('ArrowLeft');
      await opened.send(snapshot({ ...proving, notice: { tone: 'info', text: 'Go on.' } }));
      assert.equal(await code(opened).inputValue(), '48291');
      assert.equal(await opened.focused(), 'code');
      assert.equal(await opened.page.evaluate('document.activeElement.selectionStart'), 4);
      await opened.send(snapshot(proofRefused));
      assert.equal(await code(opened).inputValue(), '');
      assert.ok(await radio(opened, 'GAHT12345678 hardware token').isChecked());
      assert.equal(await opened.focused(), 'code');
    });

    it('has what was typed when it is loaded anew', async () => {
      const opened = await open({ ...proofAsked, busy: false });
      assert.equal(await code(opened).inputValue(), '482913');
      await opened.page.keyboard.press('Enter');
      assert.deepEqual(await opened.sent(), [withPhone]);
    });

    it('has the time to the next one, by the editor’s true time', async () => {
      const opened = await pages.open({ clockAt: Date.UTC(2001, 0, 1), snapshot: snapshot(proving) });
      const said = () => opened.page.getByRole('timer').first().getAttribute('aria-label');
      assert.equal(await said(), 'Your app shows a new code in 17 s');
      await opened.page.clock.runFor(16_200);
      assert.equal(await said(), 'Your app shows a new code in 1 s');
      await opened.send(snapshot({ ...proving, now: seventeenSecondsLeft + 7_000 }));
      assert.equal(await said(), 'Your app shows a new code in 10 s');
    });

    it('does not move the buttons when a notice comes', async () => {
      const opened = await open();
      const top = async () => (await button(opened, strings.prove).boundingBox())?.y;
      const before = await top();
      await opened.send(snapshot({ ...proving, notice: { tone: 'error', text: 'AWS did not take this code.' } }));
      assert.equal(await top(), before);
    });
  });

  it('leaves the focus where it is while AWS is asked, and lets nothing be changed', async () => {
    const opened = await open();
    const { page } = opened;
    await page.keyboard.type('482913');
    await button(opened, strings.prove).focus();
    await opened.send(snapshot({ ...proofAsked, phone: { code: '071554' } }));
    assert.match(await opened.focused(), /Asking AWS…/);
    assert.equal(await page.locator('[aria-busy=true]').count(), 1);
    await page.keyboard.press('Enter');
    await code(opened).pressSequentially('1');
    await code(opened).press('Enter');
    await radio(opened, 'alice virtual device').press('ArrowDown');
    await pressOn(opened, 'hardware token');
    for (const name of ['Cancel', strings.phoneFill, ...proofAsked.others.map(({ label }) => label)]) {
      await button(opened, name).click({ force: true });
    }
    assert.deepEqual(await opened.sent(), []);
    assert.ok(await radio(opened, 'alice virtual device').isChecked());
    assert.equal(await code(opened).inputValue(), '482913');
  });

  it('has another way on, and Cancel, within reach of the keyboard', async () => {
    const opened = await open();
    const order: string[] = [];
    for (let index = 0; index < 3; index++) {
      await opened.page.keyboard.press('Tab');
      order.push(await opened.focused());
      await opened.page.keyboard.press('Enter');
    }
    assert.deepEqual(order, [strings.prove, 'Cancel', proving.others[0]?.label]);
    assert.deepEqual(await opened.sent(), [
      { type: 'action', id: 'cancel' },
      { type: 'action', id: 'resync' },
    ] satisfies PageMessage[]);
  });

  it('types the code of the practice phone at one press, and leaves sending it to the person', async () => {
    const opened = await open(proofPractice);
    await button(opened, strings.phoneFill).click();
    assert.equal(await code(opened).inputValue(), '482913');
    assert.equal(await opened.focused(), 'code');
    assert.equal(await button(opened, strings.phoneFill).getAttribute('aria-disabled'), 'true');
    assert.deepEqual(await opened.sent(), []);
    await opened.page.keyboard.press('Enter');
    assert.deepEqual(await opened.sent(), [withPhone]);
  });
});
