import assert from 'node:assert/strict';
import type { PageMessage, View } from '../../src/protocol/enrolment';
import {
  bothRight,
  elsewhere,
  enabling,
  failedSignInLost,
  phoneShown,
  proofSignInLost,
  resyncSignInLost,
  scanning,
  signInLost,
  signInLostTooOld,
  snapshot,
  strings,
  tokenSignInLost,
} from './fixtures';
import { type OpenedPage, PageUnderTest } from './page';

describe('Enable MFA page: a sign-in that has run out, and where the calls go', function () {
  this.timeout(120_000);
  let pages: PageUnderTest;
  before(async () => {
    pages = await PageUnderTest.start();
  });
  after(() => pages.stop());

  const button = ({ page }: OpenedPage, name: string) => page.getByRole('button', { name, exact: true });
  const said = ({ page }: OpenedPage, text: string) => page.getByRole('status').filter({ hasText: text });

  /** AWS is asked, and the answer is this view. */
  async function answered(view: View, width = 900): Promise<OpenedPage> {
    const opened = await pages.open({ width, snapshot: snapshot(bothRight) });
    await button(opened, strings.submit).focus();
    await opened.send(snapshot(enabling));
    await opened.send(snapshot(view));
    await opened.forgetSent();
    return opened;
  }

  it('is said beside what the codes are worth, read out, and leaves the focus where it was', async () => {
    const opened = await answered(signInLost);
    const { page } = opened;
    assert.equal(await said(opened, signInLost.signIn?.text ?? '?').count(), 1);
    assert.ok(await page.getByText(signInLost.signIn?.detail ?? '?').isVisible());
    assert.equal(await said(opened, 'Both codes are right.').count(), 1);
    assert.equal(await opened.focused(), strings.submit);
    assert.ok(await page.getByText(signInLost.cancelNote).isVisible(), 'what Cancel does now is said');
    assert.ok(!(await page.getByText(scanning.cancelNote).isVisible()), 'and not what it does usually');
  });

  it('leaves the QR code and what was typed, and the same codes can be sent again', async () => {
    const opened = await answered(signInLost);
    const { page } = opened;
    assert.ok(await page.getByRole('img', { name: /^QR code/ }).isVisible());
    assert.equal(await page.getByLabel('Code 1').inputValue(), '482913');
    await page.keyboard.press('Enter');
    assert.deepEqual(await opened.sent(), [
      { type: 'submit', enrolment: 1, code1: '482913', code2: '071554' },
    ] satisfies PageMessage[]);
  });

  it('stays while the person types on, with the caret where it is, and goes at the next try', async () => {
    const opened = await answered(signInLost);
    const { page } = opened;
    await page.getByLabel('Code 2').press('End');
    await page.keyboard.press('Backspace');
    await page.keyboard.press('ArrowLeft');
    await opened.send(snapshot({ ...signInLost, code2: '07155', field2: 'partial', canSubmit: false }));
    assert.equal(await opened.focused(), 'code2');
    assert.equal(await page.evaluate('document.activeElement.selectionStart'), 4);
    assert.equal(await said(opened, 'Your sign-in has run out.').count(), 1);
    await opened.send(snapshot(enabling));
    assert.equal(await page.getByText('Your sign-in has run out.').count(), 0);
    assert.equal(await button(opened, 'Renew Sign-In').count(), 0);
  });

  it('is not read again while it stays the same', async () => {
    const opened = await answered(signInLost);
    await opened.page.evaluate(`
      window.regionChanges = 0;
      for (const region of document.querySelectorAll('[role=status], [role=alert]')) {
        new MutationObserver(() => { window.regionChanges++; })
          .observe(region, { childList: true, characterData: true, subtree: true });
      }`);
    await opened.send(snapshot({ ...signInLost, now: signInLost.now + 1000 }));
    assert.equal(await opened.page.evaluate('window.regionChanges'), 0);
    await opened.send(snapshot(signInLostTooOld));
    assert.notEqual(await opened.page.evaluate('window.regionChanges'), 0);
  });

  it('says of codes that grew too old what it always says, and sends none', async () => {
    const opened = await answered(signInLostTooOld);
    assert.equal(await said(opened, 'These codes have grown too old.').count(), 1);
    assert.equal(await said(opened, 'No credentials were found').count(), 1);
    await opened.page.keyboard.press('Enter');
    assert.deepEqual(await opened.sent(), []);
  });

  it('is renewed by a button, which is there only where a command would', async () => {
    const renew: PageMessage = { type: 'action', id: 'renewSignIn' };
    for (const view of [signInLost, tokenSignInLost, resyncSignInLost, proofSignInLost, failedSignInLost]) {
      const opened = await answered(view);
      await button(opened, 'Renew Sign-In').press('Enter');
      assert.deepEqual(await opened.sent(), [renew], view.kind);
    }
    const opened = await answered(signInLostTooOld);
    assert.equal(await button(opened, 'Renew Sign-In').count(), 0);
  });

  it('is reached by the keyboard between the codes and the buttons', async () => {
    const opened = await answered(signInLost);
    await opened.page.getByLabel('Code 2').focus();
    const order: string[] = [];
    for (let index = 0; index < 3; index++) {
      await opened.page.keyboard.press('Tab');
      order.push(await opened.focused());
    }
    assert.deepEqual(order, ['Renew Sign-In', strings.submit, strings.cancel]);
  });

  it('takes no room before it comes, and pushes no button out of sight', async () => {
    const opened = await pages.open({ width: 300, height: 500, snapshot: snapshot(bothRight) });
    const { page } = opened;
    const submit = button(opened, strings.submit);
    const card = await page.locator('.notice-card').boundingBox();
    assert.equal(card?.height, 0);
    await submit.focus();
    await page.evaluate('window.scrollTo(0, document.documentElement.scrollHeight)');
    await opened.send(snapshot(signInLost));
    const box = await submit.boundingBox();
    assert.ok(box && box.y >= 0 && box.y + box.height <= 500, `the button is on screen: ${JSON.stringify(box)}`);
    const notice = await page.getByText(signInLost.signIn?.text ?? '?').boundingBox();
    assert.ok(notice && notice.y >= 0 && notice.y < 500, `so is the notice: ${JSON.stringify(notice)}`);
  });

  it('keeps the code that was to prove a device', async () => {
    const opened = await pages.open({
      snapshot: snapshot({ ...proofSignInLost, notice: { tone: 'info', text: '…' } }),
    });
    await opened.page.keyboard.type('482913');
    await opened.send(snapshot({ ...proofSignInLost, busy: true }));
    await opened.send(snapshot(proofSignInLost));
    assert.equal(await opened.page.getByRole('textbox', { name: 'Code', exact: true }).inputValue(), '482913');
    assert.equal(await opened.focused(), 'code');
  });

  describe('the header', () => {
    it('says which account, with whom, and that it is not AWS: to the eye, the pointer and a screen reader', async () => {
      const opened = await pages.open({ snapshot: snapshot(scanning, { header: elsewhere }) });
      const { page } = opened;
      const words = (await page.locator('.header').innerText()).replace(/\s+/g, ' ');
      assert.match(words, /acme-prod · 1234-5678-9012 · aws-cn · profile prod · role Admin Not AWS: localhost:4566/);
      const badge = page.locator('.badge');
      assert.equal(await badge.getAttribute('title'), elsewhere.badge.title);
      assert.ok((await badge.textContent())?.endsWith(elsewhere.badge.title), 'a tooltip is for the pointer alone');
    });

    it('has the look of VS Code’s badges, and another line around it where it is not AWS', async () => {
      const look = async ({ page }: OpenedPage) =>
        page.evaluate<string[]>(`(() => {
          const { backgroundColor, color, borderColor } = getComputedStyle(document.querySelector('.badge'));
          return [backgroundColor, color, borderColor];
        })()`);
      const opened = await pages.open({ snapshot: snapshot(scanning) });
      const aws = await look(opened);
      await opened.send(snapshot(scanning, { header: elsewhere }));
      const other = await look(opened);
      assert.deepEqual(other.slice(0, 2), ['rgb(97, 97, 97)', 'rgb(248, 248, 248)']);
      assert.deepEqual(aws.slice(0, 2), other.slice(0, 2));
      assert.notEqual(aws[2], other[2]);
      assert.ok(await opened.page.locator('.badge .codicon-plug').isVisible());
      await opened.send(snapshot(phoneShown));
      assert.ok(await opened.page.locator('.badge .codicon-beaker').isVisible(), 'the practice account, as ever');
    });
  });
});
