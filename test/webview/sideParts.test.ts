import assert from 'node:assert/strict';
import type { PageMessage, View } from '../../src/protocol/enrolment';
import { bothRight, naming, phoneOffered, phoneShown, scanning, secretKey, snapshot, strings } from './fixtures';
import { type OpenedPage, PageUnderTest } from './page';

describe('Enable MFA page: device name, secret key, practice phone', function () {
  this.timeout(120_000);
  let pages: PageUnderTest;
  before(async () => {
    pages = await PageUnderTest.start();
  });
  after(() => pages.stop());

  async function open(view: View): Promise<OpenedPage> {
    const opened = await pages.open({ snapshot: snapshot(view) });
    await opened.forgetSent();
    return opened;
  }

  function button({ page }: OpenedPage, name: string) {
    return page.getByRole('button', { name, exact: true });
  }

  describe('changing the device name', () => {
    const field = ({ page }: OpenedPage) => page.getByRole('textbox', { name: 'Device name' });

    async function openField(): Promise<OpenedPage> {
      const opened = await open(scanning);
      await button(opened, 'Change…').press('Enter');
      return opened;
    }

    it('offers the name that is, selected, and says what a change does', async () => {
      const opened = await openField();
      assert.equal(await opened.focused(), 'device-name-input');
      assert.equal(await field(opened).inputValue(), 'alice');
      assert.ok(await opened.page.getByText(strings.changeNameHint).isVisible());
      await opened.page.keyboard.type('work.phone');
      assert.equal(await field(opened).inputValue(), 'work.phone');
    });

    it('uses the name on Enter and goes back to where it began', async () => {
      const opened = await openField();
      await field(opened).fill('work.phone');
      await field(opened).press('Enter');
      assert.deepEqual(await opened.sent(), [{ type: 'name', name: 'work.phone' }] satisfies PageMessage[]);
      assert.equal(await field(opened).count(), 0);
      assert.equal(await opened.focused(), 'Change…');
    });

    it('keeps the name on Escape', async () => {
      const opened = await openField();
      await field(opened).fill('work.phone');
      await field(opened).press('Escape');
      assert.deepEqual(await opened.sent(), []);
      assert.equal(await field(opened).count(), 0);
      assert.equal(await opened.focused(), 'Change…');
      await button(opened, 'Change…').click();
      assert.equal(await field(opened).inputValue(), 'alice');
    });

    it('makes no new device for the same name', async () => {
      const opened = await openField();
      await field(opened).press('Enter');
      assert.deepEqual(await opened.sent(), []);
    });

    for (const [why, name] of [
      ['it has a space', 'work phone'],
      ['it has a letter IAM does not take', 'büro'],
      ['it is empty', ''],
      ['it is too long', 'x'.repeat(129)],
    ] as const) {
      it(`says the rule and sends nothing where ${why}`, async () => {
        const opened = await openField();
        await field(opened).fill(name);
        await field(opened).press('Enter');
        assert.deepEqual(await opened.sent(), []);
        assert.equal(await field(opened).getAttribute('aria-invalid'), 'true');
        const described = ((await field(opened).getAttribute('aria-describedby')) ?? '').split(' ');
        const words = await Promise.all(described.map((id) => opened.page.locator(`#${id}`).innerText()));
        assert.ok(words.includes(strings.nameRule), words.join(' | '));
        assert.equal(await opened.focused(), 'device-name-input');

        await field(opened).fill('x'.repeat(128));
        assert.equal(await field(opened).getAttribute('aria-invalid'), null);
        await field(opened).press('Enter');
        assert.deepEqual(await opened.sent(), [{ type: 'name', name: 'x'.repeat(128) }] satisfies PageMessage[]);
      });
    }

    it('stays open, with what was typed, when a snapshot comes', async () => {
      const opened = await openField();
      await field(opened).fill('work');
      await opened.send(snapshot(bothRight));
      assert.equal(await field(opened).inputValue(), 'work');
      assert.equal(await opened.focused(), 'device-name-input');
    });
  });

  describe('choosing a name after one was refused', () => {
    const field = ({ page }: OpenedPage) => page.getByRole('textbox', { name: 'Device name' });

    it('begins in the field, says why, and uses the name on Enter', async () => {
      const opened = await open(naming);
      assert.equal(await opened.focused(), 'name-input');
      assert.ok(await opened.page.getByText(naming.notice.text).isVisible());
      await field(opened).press('Enter');
      assert.deepEqual(await opened.lastSent(), { type: 'name', name: 'alice-2' });
    });

    it('says the rule for a name IAM does not take', async () => {
      const opened = await open(naming);
      await field(opened).fill('work phone');
      await button(opened, 'Use This Name').click();
      assert.ok(await opened.page.getByText(strings.nameRule).isVisible());
      assert.deepEqual(await opened.sent(), []);
    });

    it('keeps what is being typed when a snapshot comes, and takes another name that is offered', async () => {
      const opened = await open(naming);
      await field(opened).fill('work');
      await opened.send(snapshot(naming));
      assert.equal(await field(opened).inputValue(), 'work');
      await opened.send(snapshot({ ...naming, name: 'alice-3' }));
      assert.equal(await field(opened).inputValue(), 'alice-3');
    });

    it('can delete the leftover, and cancel', async () => {
      const opened = await open(naming);
      await button(opened, 'Delete the Unfinished Device').click();
      await button(opened, 'Cancel').click();
      assert.deepEqual(await opened.sent(), [
        { type: 'action', id: 'deleteLeftover' },
        { type: 'action', id: 'cancel' },
      ] satisfies PageMessage[]);
    });
  });

  describe('secret key', () => {
    it('is not in the document until it is asked for, then in groups of four, and goes again', async () => {
      const opened = await open(scanning);
      const { page } = opened;
      const source = () => page.evaluate<string>(`document.documentElement.outerHTML.replaceAll(/<[^>]*>| /g, '')`);
      assert.ok(!(await source()).includes('QWERTYUI'));
      await button(opened, 'Show secret key').click();
      const key = page.getByRole('group', { name: 'Secret key' }).getByRole('code');
      assert.equal((await key.innerText()).replaceAll('\n', ' '), (secretKey.match(/.{4}/g) ?? []).join(' '));
      await button(opened, 'Hide secret key').click();
      assert.ok(!(await source()).includes('QWERTYUI'));
    });

    it('is copied by the editor, and that is said', async () => {
      const opened = await open(scanning);
      await button(opened, 'Show secret key').click();
      await button(opened, 'Copy').click();
      assert.deepEqual(await opened.sent(), [{ type: 'action', id: 'copyKey' }] satisfies PageMessage[]);
      assert.equal(await opened.page.getByRole('status').filter({ hasText: strings.copied }).count(), 1);
    });

    it('stays shown, with a selection in it, when a snapshot comes; another device’s is hidden', async () => {
      const opened = await open(scanning);
      await button(opened, 'Show secret key').click();
      await opened.page.evaluate(`getSelection().selectAllChildren(document.querySelector('code'))`);
      await opened.send(snapshot(bothRight));
      assert.ok((await opened.page.evaluate<string>('getSelection().toString()')).startsWith('QWER'));
      await opened.send(snapshot({ ...scanning, enrolment: 2, secretKey: 'A'.repeat(64) }));
      assert.equal(await opened.page.getByRole('code').count(), 0);
      assert.ok(await button(opened, 'Show secret key').isVisible());
    });
  });

  describe('practice phone', () => {
    const phone = ({ page }: OpenedPage) => page.getByRole('region', { name: strings.phoneTitle });

    it('is not there outside the practice account', async () => {
      const opened = await open(scanning);
      assert.equal(await phone(opened).count(), 0);
    });

    it('is shown and hidden by the editor', async () => {
      const opened = await open(phoneOffered);
      assert.equal(await phone(opened).getByText('482 913').count(), 0);
      await button(opened, strings.phoneShow).click();
      await opened.send(snapshot(phoneShown));
      assert.ok(await phone(opened).getByText('482 913').isVisible());
      await button(opened, strings.phoneHide).click();
      assert.deepEqual(await opened.sent(), [
        { type: 'phone', shown: true },
        { type: 'phone', shown: false },
      ] satisfies PageMessage[]);
    });

    it('types its code into Code 1, then the next one into Code 2, and never the same one twice', async () => {
      const opened = await open(phoneShown);
      const fill = button(opened, strings.phoneFill);
      await fill.click();
      assert.deepEqual(await opened.lastSent(), { type: 'codes', enrolment: 1, code1: '482913', code2: '' });
      assert.equal(await fill.getAttribute('aria-disabled'), 'true');
      await opened.send(snapshot({ ...phoneShown, phone: { code: '071554' } }));
      await fill.click();
      assert.deepEqual(await opened.lastSent(), { type: 'codes', enrolment: 1, code1: '482913', code2: '071554' });
    });
  });
});
