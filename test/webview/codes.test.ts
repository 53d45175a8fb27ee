import assert from 'node:assert/strict';
import type { PageMessage, ScanView } from '../../src/protocol/enrolment';
import { bothRight, codeWrong, enabling, firstCodeRight, scanning, seventeenSecondsLeft, snapshot } from './fixtures';
import { type OpenedPage, PageUnderTest } from './page';

function codes(code1: string, code2: string, enrolment = 1): PageMessage {
  return { type: 'codes', enrolment, code1, code2 };
}

async function inFields({ page }: OpenedPage): Promise<string[]> {
  return [await page.getByLabel('Code 1').inputValue(), await page.getByLabel('Code 2').inputValue()];
}

function caret(opened: OpenedPage): Promise<[number, number]> {
  return opened.page.evaluate('[document.activeElement.selectionStart, document.activeElement.selectionEnd]');
}

describe('Enable MFA page: codes', function () {
  this.timeout(120_000);
  let pages: PageUnderTest;
  before(async () => {
    pages = await PageUnderTest.start();
  });
  after(() => pages.stop());

  const open = (view: ScanView = scanning) => pages.open({ snapshot: snapshot(view) });

  it('starts in Code 1, goes on to Code 2 by itself, and tells the editor each change', async () => {
    const opened = await open();
    assert.equal(await opened.focused(), 'code1');
    await opened.forgetSent();
    await opened.page.keyboard.type('482913');
    assert.equal(await opened.focused(), 'code2');
    await opened.page.keyboard.type('07');
    assert.deepEqual(
      await opened.sent(),
      ['4', '48', '482', '4829', '48291', '482913']
        .map((code1) => codes(code1, ''))
        .concat(codes('482913', '0'), codes('482913', '07')),
    );
  });

  it('goes back to Code 1 on Backspace in an empty Code 2, and deletes nothing there', async () => {
    const opened = await open();
    await opened.page.keyboard.type('4829130');
    await opened.page.keyboard.press('Backspace');
    assert.equal(await opened.focused(), 'code2');
    await opened.page.keyboard.press('Backspace');
    assert.equal(await opened.focused(), 'code1');
    assert.deepEqual(await inFields(opened), ['482913', '']);
    assert.deepEqual(await caret(opened), [6, 6]);
  });

  it('takes digits only, at most six', async () => {
    const opened = await open();
    await opened.page.getByLabel('Code 2').focus();
    await opened.page.keyboard.type('a1 2-３4x5678');
    assert.deepEqual(await inFields(opened), ['', '123456']);
    assert.deepEqual(await opened.lastSent(), codes('', '123456'));
  });

  it('keeps the caret where it is when something that is no digit is typed in the middle', async () => {
    const opened = await open();
    await opened.page.keyboard.type('4829');
    await opened.page.keyboard.press('ArrowLeft');
    await opened.page.keyboard.press('ArrowLeft');
    await opened.page.keyboard.type('x');
    assert.deepEqual(await inFields(opened), ['4829', '']);
    assert.deepEqual(await caret(opened), [2, 2]);
  });

  for (const [what, text, expected] of [
    ['one code', '482913', ['482913', '']],
    ['one code with a space', ' 482 913\n', ['482913', '']],
    ['both codes', '482913071554', ['482913', '071554']],
    ['both codes, each with a space', '482 913 071 554', ['482913', '071554']],
    ['both codes on two lines', '482913\r\n071554', ['482913', '071554']],
  ] as const) {
    it(`takes ${what} from the clipboard`, async () => {
      const opened = await open();
      await opened.paste(text);
      await opened.page.waitForFunction(`document.activeElement.id === 'code2'`);
      assert.deepEqual(await inFields(opened), [...expected]);
      assert.deepEqual(await opened.lastSent(), codes(expected[0], expected[1]));
    });
  }

  it('replaces a half-typed code by a pasted one', async () => {
    const opened = await open();
    await opened.page.keyboard.type('12');
    await opened.paste('482913');
    await opened.page.waitForFunction(`document.activeElement.id === 'code2'`);
    assert.deepEqual(await inFields(opened), ['482913', '']);
  });

  it('takes a code pasted into Code 2 there, and both codes pasted there into both', async () => {
    const opened = await open();
    await opened.page.getByLabel('Code 2').focus();
    await opened.paste('071 554');
    await opened.page.waitForFunction(`document.getElementById('code2').value === '071554'`);
    assert.deepEqual(await inFields(opened), ['', '071554']);
    await opened.page.getByLabel('Code 2').focus();
    await opened.paste('482913 071554');
    await opened.page.waitForFunction(`document.getElementById('code1').value === '482913'`);
    assert.deepEqual(await inFields(opened), ['482913', '071554']);
  });

  it('keeps the focus, the caret, a selection and what is being typed when a snapshot comes', async () => {
    const opened = await open();
    await opened.page.keyboard.type('48291');
    await opened.page.keyboard.press('Shift+ArrowLeft');
    await opened.page.keyboard.press('Shift+ArrowLeft');
    // An older snapshot: the editor has only seen two digits.
    await opened.send(
      snapshot({ ...scanning, code1: '48', field1: 'partial', notice: { tone: 'info', text: 'Go on.' } }),
    );
    assert.equal(await opened.focused(), 'code1');
    assert.deepEqual(await inFields(opened), ['48291', '']);
    assert.deepEqual(await caret(opened), [3, 5]);
  });

  it('takes the codes over where their revision is new', async () => {
    const opened = await open(bothRight);
    assert.deepEqual(await inFields(opened), ['482913', '071554']);
    await opened.send(snapshot({ ...scanning, codesRevision: bothRight.codesRevision + 1 }));
    assert.deepEqual(await inFields(opened), ['', '']);
    assert.equal(await opened.focused(), 'code1', 'who was in Code 2 goes on in Code 1');
  });

  it('takes the codes over where the device is new', async () => {
    const opened = await open(bothRight);
    await opened.send(snapshot({ ...scanning, enrolment: 2, codesRevision: bothRight.codesRevision }));
    assert.deepEqual(await inFields(opened), ['', '']);
    await opened.page.getByLabel('Code 1').fill('1');
    assert.deepEqual(await opened.lastSent(), codes('1', '', 2));
  });

  it('has what was typed when it is loaded anew, and goes on where typing stopped', async () => {
    const first = await open();
    await first.page.keyboard.type('48291307');
    const last = await first.lastSent();
    assert.deepEqual(last, codes('482913', '07'));

    const again = await open(firstCodeRight);
    assert.deepEqual(await inFields(again), ['482913', '07']);
    assert.equal(await again.focused(), 'code2');
    assert.deepEqual(await caret(again), [2, 2]);
  });

  it('says right and wrong by an icon, in words, and to a screen reader', async () => {
    const opened = await open(codeWrong);
    const { page } = opened;
    assert.equal(await page.getByLabel('Code 1').getAttribute('aria-invalid'), null);
    assert.equal(await page.getByLabel('Code 2').getAttribute('aria-invalid'), 'true');
    assert.ok(await page.locator('.code-field:has(#code1) .codicon-pass-filled').isVisible());
    assert.ok(await page.locator('.code-field:has(#code2) .codicon-error').isVisible());
    const described = (await page.getByLabel('Code 2').getAttribute('aria-describedby')) ?? '';
    assert.equal(await page.locator(`#${described}`).innerText(), codeWrong.notice?.text);
    assert.equal(await page.getByRole('alert').filter({ hasText: 'same as Code 1' }).count(), 1);

    await opened.send(snapshot(bothRight));
    assert.equal(await page.getByLabel('Code 2').getAttribute('aria-invalid'), null);
    assert.equal(await page.getByRole('status').filter({ hasText: 'Both codes are right.' }).count(), 1);
    assert.equal(await page.getByRole('alert').filter({ hasText: /./ }).count(), 0);
  });

  it('does not read a notice again that is the same', async () => {
    const opened = await open(firstCodeRight);
    await opened.page.evaluate(`
      window.regionChanges = 0;
      for (const region of document.querySelectorAll('[role=status], [role=alert]')) {
        new MutationObserver(() => { window.regionChanges++; })
          .observe(region, { childList: true, characterData: true, subtree: true });
      }`);
    await opened.send(snapshot({ ...firstCodeRight, now: seventeenSecondsLeft + 1000 }));
    assert.equal(await opened.page.evaluate('window.regionChanges'), 0);
    await opened.send(snapshot(codeWrong));
    assert.notEqual(await opened.page.evaluate('window.regionChanges'), 0);
  });

  it('submits both codes by the button and by Enter', async () => {
    const opened = await open(bothRight);
    const submit: PageMessage = { type: 'submit', enrolment: 1, code1: '482913', code2: '071554' };
    await opened.page.getByRole('button', { name: 'Enable MFA' }).click();
    assert.deepEqual(await opened.lastSent(), submit);
    await opened.forgetSent();
    await opened.page.getByLabel('Code 1').press('Enter');
    assert.deepEqual(await opened.sent(), [submit]);
  });

  it('does not submit while the codes cannot work, though the button can have the focus', async () => {
    const opened = await open(codeWrong);
    const button = opened.page.getByRole('button', { name: 'Enable MFA' });
    assert.equal(await button.getAttribute('aria-disabled'), 'true');
    await opened.forgetSent();
    await button.click({ force: true });
    await button.press('Enter');
    await opened.page.getByLabel('Code 2').press('Enter');
    assert.deepEqual(await opened.sent(), []);
  });

  it('does not submit a code that lost a digit since the last snapshot', async () => {
    const opened = await open(bothRight);
    await opened.page.getByLabel('Code 2').press('Backspace');
    await opened.forgetSent();
    await opened.page.getByLabel('Code 2').press('Enter');
    assert.deepEqual(await opened.sent(), []);
  });

  it('keeps the focus on the button while AWS is asked, and lets nothing be changed', async () => {
    const opened = await open(bothRight);
    const { page } = opened;
    await page.getByRole('button', { name: 'Enable MFA' }).focus();
    await opened.send(snapshot(enabling));
    assert.match(await opened.focused(), /Enabling MFA…/);
    await opened.forgetSent();
    await page.keyboard.press('Enter');
    await page.getByLabel('Code 1').pressSequentially('1');
    await page.getByLabel('Code 1').press('Enter');
    await page.getByRole('button', { name: 'Cancel' }).click({ force: true });
    await page.getByRole('button', { name: 'Change…' }).click({ force: true });
    assert.deepEqual(await opened.sent(), []);
    assert.deepEqual(await inFields(opened), ['482913', '071554']);
  });

  it('marks the steps: getting an app and scanning are done once Code 1 is right', async () => {
    const opened = await open();
    const heading = (name: string) => opened.page.getByRole('heading', { name, exact: true });
    assert.ok(await heading('Open an authenticator app on your phone (current step)').isVisible());
    await opened.send(snapshot(firstCodeRight));
    assert.ok(await heading('Open an authenticator app on your phone (done)').isVisible());
    assert.ok(await heading('Scan this QR code (done)').isVisible());
    assert.ok(await heading('Enter two codes in a row (current step)').isVisible());
    assert.equal(await opened.page.locator('[aria-current=step]').count(), 1);
  });

  it('does not move the buttons when a notice comes', async () => {
    const opened = await open();
    const top = async () => (await opened.page.getByRole('button', { name: 'Enable MFA' }).boundingBox())?.y;
    const before = await top();
    await opened.send(snapshot(firstCodeRight));
    assert.equal(await top(), before);
  });

  describe('countdown', () => {
    it('follows the editor’s true time, whatever the computer’s clock says', async () => {
      const opened = await pages.open({ clockAt: Date.UTC(2001, 0, 1), snapshot: snapshot(scanning) });
      const timer = opened.page.getByRole('timer').first();
      const said = () => timer.getAttribute('aria-label');
      assert.equal(await said(), 'Your app shows a new code in 17 s');
      await opened.page.clock.runFor(16_200);
      assert.equal(await said(), 'Your app shows a new code in 1 s');
      await opened.page.clock.runFor(1_000);
      assert.equal(await said(), 'Your app shows a new code in 30 s');
      await opened.send(snapshot({ ...scanning, now: seventeenSecondsLeft + 7_000 }));
      assert.equal(await said(), 'Your app shows a new code in 10 s');
    });

    it('is a timer that a screen reader finds but never hears tick', async () => {
      const opened = await open();
      const timer = opened.page.getByRole('timer').first();
      assert.equal(await timer.getAttribute('aria-live'), 'off');
      assert.equal(await timer.locator('.countdown-text').getAttribute('aria-hidden'), 'true');
      assert.equal(await timer.locator('xpath=ancestor::*[@aria-live or @role="status" or @role="alert"]').count(), 0);
    });
  });
});
