import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { largeCompany } from '../../src/practice/company';
import { type PracticeAccount, startPracticeAccount } from '../../src/practice/server';
import {
  attributeOf,
  EnrolmentPage,
  enterUntil,
  escape,
  isShown,
  keysOf,
  modal,
  picture,
  row,
  soon,
  statusSays,
  toast,
  told,
  topBox,
  typeInBox,
} from './hands';
import { Keyboard } from './keyboard';
import { otherTotp } from '../otherTotp';
import { Stage, until, Wire } from './stage';
import { areTicked, isTicked, stepOf, untilTicked } from './tourPage';

const minutes = 60_000;

describe('by keyboard alone', () => {
  let practice: PracticeAccount;
  let many: PracticeAccount;
  let stage: Stage;
  let wire: Wire;
  let page: Page;
  let keys: Keyboard;
  const serialOf = (name: string) => `arn:aws:iam::${practice.accountId}:mfa/${name}`;

  beforeEach(async () => {
    practice = await startPracticeAccount();
    many = await startPracticeAccount({ company: largeCompany(400), reportBuildMs: 0 });
    const { endpoint } = practice;
    wire = new Wire({ endpoint, ...practice.caller('admin-role') });
    stage = await Stage.start({
      profiles: {
        keeper: { endpoint, ...practice.caller('keeper') },
        priya: keysOf(practice, 'priya'),
        many: { endpoint: many.endpoint, ...many.caller('keeper') },
      },
    });
    page = await stage.open();
    keys = await Keyboard.on(page);
  });

  afterEach(async function () {
    try {
      await keys.assertAlone();
    } finally {
      await stage.closeWindows(this.currentTest);
      await stage.end();
      await practice.stop();
      await many.stop();
    }
  });

  const open = async (profile = 'keeper') => {
    await keys.commandAndChoose('AWS MFA: Add Account…', profile);
    await statusSays(page, /without MFA/);
  };
  /** As `open`, and waits in the view until all are checked: until then, rows move. */
  const openRows = async (profile?: string) => {
    await open(profile);
    await keys.command('AWS MFA: Focus on Users View');
    await row(page, /\d+ of \d+ without MFA/).waitFor({ timeout: 60_000 });
  };
  const panelFromMenu = async (item: string): Promise<EnrolmentPage> => {
    await keys.menu(item, { next: async () => (await EnrolmentPage.seen(stage, page)) !== undefined });
    return EnrolmentPage.inFront(stage, page);
  };
  const seedOf = (serial: string): string => {
    const seed = practice.seedOf(serial);
    assert.ok(seed, `${serial} has a seed`);
    stage.seeds.add(seed);
    return seed;
  };

  /** Types both codes of a seed, where the cursor is in the first field, and presses Enter. @param slow how far its clock is behind */
  const typeCodes = async (panel: EnrolmentPage, seed: string, judged = 'Both codes are right.', slow = 0) => {
    await panel.frame.locator('#code1:focus').waitFor();
    const now = Date.now() - slow;
    // Six digits take the cursor to the second field.
    await keys.type(await otherTotp(seed, now - 30_000));
    await keys.type(await otherTotp(seed, now));
    await panel.says(judged);
    await keys.press('Enter');
  };

  it('from an empty window to a verified device', async () => {
    await open();
    await statusSays(page, /5 without MFA/);
    await keys.commandAndChoose('AWS MFA: Enable MFA…', 'maya');
    const panel = await EnrolmentPage.inFront(stage, page);
    await typeCodes(panel, await panel.scan());
    await panel.says('MFA is on for maya');
    await statusSays(page, /4 without MFA/);
    assert.deepEqual(await wire.devices('maya'), [serialOf('maya')]);
  });

  it('the tour, from the empty view to the two codes', async () => {
    const step = (title: string) => stepOf(page, title);
    const openStep = async (title: string, button: string) => {
      // The page of the tour is the first editor.
      await until('the page of the tour', async () => {
        await keys.press('Control+1');
        return isShown(step(title), 2000);
      });
      await keys.tabTo(step(title));
      if ((await step(title).getAttribute('aria-expanded')) !== 'true') {
        await keys.press('Enter');
      }
      await keys.tabTo(step(title).getByRole('button', { name: button }));
      await keys.press('Enter');
    };
    await keys.command('AWS MFA: Focus on Users View');
    await keys.tabTo(page.locator('.sidebar').getByRole('button', { name: 'Take the Tour' }));
    await keys.press('Enter');
    await keys.tabTo(step('Choose an account').getByRole('button', { name: 'Open Practice Account' }));
    await keys.press('Enter');
    await statusSays(page, /5 without MFA/);
    await untilTicked(page, 'Choose an account');

    await openStep('See who has no MFA', 'Show Users');
    await page.locator('.sidebar .monaco-list:focus').waitFor();
    // Of a row that is drawn anew as it is selected, the editor tells nobody.
    await until('the steps to be ticked', async () => {
      await keys.downTo(/^jordan/);
      await keys.press('Enter');
      if (await soon(() => areTicked(page, 'See who has no MFA', 'Find yourself'))) {
        return true;
      }
      await keys.downTo(/^maya/);
      await keys.press('Enter');
      return false;
    });

    await openStep('Find yourself', 'Show Only Me');
    await row(page, /^maya/).waitFor({ state: 'hidden' });
    await row(page, /^jordan/).waitFor();
    await openStep('Find yourself', 'Show Everyone');
    await row(page, /^maya/).waitFor();

    // The page of the tour may take the focus back from a list that is open by then.
    await until('jordan to be chosen', async () => {
      await openStep('Scan the QR code', 'Enable MFA…');
      return keys.choose('jordan');
    });
    const panel = await EnrolmentPage.inFront(stage, page);
    await typeCodes(panel, await panel.scan());
    await panel.says('MFA is on for jordan');
    await until('the page of the tour', async () => {
      await keys.press('Control+1', 'Control+PageUp');
      return isShown(step('Choose an account'), 2000);
    });
    for (const done of ['Get an authenticator app', 'Scan the QR code', 'Enter two codes']) {
      await untilTicked(page, done);
    }
    assert.equal(await isTicked(page, 'Add a second device'), false);
    await picture(page, 'keyboard-tour');
  });

  it('from the status bar to the users who have none', async () => {
    await open();
    await statusSays(page, /5 without MFA/);
    await keys.toStatusItem(/5 without MFA/);
    await picture(page, 'keyboard-status-bar');
    await keys.press('Enter');
    await page.locator('.sidebar .monaco-list:focus').waitFor();
    await keys.downTo(/^Can sign in without MFA/);
  });

  it('from a row’s menu to a panel, and out of it again without a device', async () => {
    await openRows();
    await keys.toRow(/^Can sign in without MFA/, /^theo/);
    const panel = await panelFromMenu('Enable MFA…');
    await panel.says('Enable MFA for theo');
    await panel.scan();
    assert.deepEqual([...(await wire.unassigned())].sort(), ['sam', 'theo']);
    await panel.frame.locator('#code1:focus').waitFor();
    await keys.tabTo(panel.button('Cancel'));
    await keys.press('Enter');
    await until('the device to be gone', async () => (await wire.unassigned()).length === 1);
  });

  it('a new phone in the place of an old one, and then the last device away', async () => {
    await open();
    await keys.commandAndChoose('AWS MFA: Replace MFA Device…', 'marcus');
    const panel = await EnrolmentPage.inFront(stage, page);
    await typeCodes(panel, await panel.scan());
    await panel.says('The old device marcus was removed.');
    assert.deepEqual(await wire.devices('marcus'), [serialOf('marcus-2')]);

    await keys.commandAndChoose('AWS MFA: Remove MFA Device…', 'marcus');
    await modal(page).getByText('Remove the MFA device marcus-2 from marcus').waitFor();
    const prompt = page.locator('.quick-input-widget').getByText('Type marcus to take away the last MFA device.');
    await keys.confirm(prompt);
    await escape(page);
    await prompt.waitFor({ state: 'hidden' });
    assert.deepEqual(await wire.devices('marcus'), [serialOf('marcus-2')], 'Escape leaves all as it is');

    await keys.commandAndChoose('AWS MFA: Remove MFA Device…', 'marcus');
    await modal(page).waitFor();
    await keys.confirm(prompt);
    await keys.answer(/Type marcus to take away/, 'marcus');
    await told(page, /The device marcus-2 was removed\./);
    assert.deepEqual(await wire.devices('marcus'), []);
  });

  it('a second device of one’s own, proved by a code of another', async () => {
    await open('priya');
    await keys.commandAndChoose('AWS MFA: Add MFA Device…', 'priya');
    const panel = await EnrolmentPage.inFront(stage, page);
    await panel.says('First, a code of a device you have');
    const tablet = panel.frame.getByRole('radio', { name: /priya-tablet/ });
    await keys.tabTo(panel.frame.getByRole('radio', { checked: true }));
    await until('the tablet to be chosen', async () => {
      if (await tablet.isChecked()) {
        return true;
      }
      await keys.press('ArrowDown');
      return false;
    });
    await keys.tabTo(panel.frame.getByRole('textbox', { name: 'Code', exact: true }));
    await keys.type(await otherTotp(seedOf(serialOf('priya-tablet')), Date.now()));
    await keys.press('Enter');
    await typeCodes(panel, await panel.scan(/:priya-2@acme-practice\?/));
    await panel.says('MFA is on for priya');
    assert.ok((await wire.devices('priya')).includes(serialOf('priya-2')));
  });

  it('a hardware token by the serial number printed on it', async () => {
    await open();
    await keys.commandAndChoose('AWS MFA: Enable MFA with a Hardware Token…', 'maya');
    const panel = await EnrolmentPage.inFront(stage, page);
    const [token = ''] = practice.spareTokens;
    await keys.tabTo(panel.frame.getByRole('textbox', { name: 'Serial number' }));
    await keys.type(token);
    await keys.tabTo(panel.code1);
    await typeCodes(panel, seedOf(token), 'Only AWS can tell');
    await panel.says('MFA is on for maya');
    assert.deepEqual(await wire.devices('maya'), [token]);
  });

  it('a phone that has drifted', async () => {
    await openRows();
    await keys.toRow(/^Has MFA/, /^marcus/, /^marcus, virtual device/);
    const panel = await panelFromMenu('Resync MFA Device…');
    await panel.says('Resync marcus of marcus');
    await typeCodes(panel, seedOf(serialOf('marcus')), 'Only AWS can tell', 20 * minutes);
    await panel.says('marcus is in step again');
  });

  it('someone who lost everything, with instructions to send', async () => {
    await open();
    await keys.commandAndChoose('AWS MFA: Reset MFA…', 'priya');
    await page.locator('.quick-input-widget').getByText('work-key').waitFor();
    await enterUntil(
      page,
      'the question',
      modal(page)
        .getByText(/Remove the 3 MFA devices/)
        .first(),
    );
    const prompt = page.locator('.quick-input-widget').getByText('Type priya to take away the last MFA device.');
    await keys.confirm(prompt);
    await keys.answer(/Type priya to take away/, 'priya');
    await told(page, /MFA was reset for priya/);
    const editor = page.locator('.monaco-editor .view-lines').first();
    await until('the instructions', async () =>
      /Sign\sin\sas\spriya/.test(await editor.innerText({ timeout: 2000 }).catch(() => '')),
    );
    assert.deepEqual(await wire.devices('priya'), []);
  });

  it('a leftover is deleted', async () => {
    await openRows();
    await keys.toRow(/^Unfinished devices/, /^sam, probably sam’s/);
    // Rows may be drawn anew meanwhile.
    const select = async () => {
      if ((await keys.ofFocused('aria-selected')) !== 'true') {
        await keys.press('Space');
      }
      return (await keys.ofFocused('aria-selected')) === 'true';
    };
    await until('the row to be selected', select);
    await picture(page, 'leftovers-dark');
    // The editor learns what is selected a moment after the row looks selected.
    const question = modal(page).getByText('Delete the unfinished device sam, probably sam’s');
    await until('the question', async () => {
      // Space on the question would answer it.
      if (await question.isVisible()) {
        return true;
      }
      await select();
      await keys.press('Delete');
      return isShown(question, 2000);
    });
    await picture(page, 'leftovers-question-dark');
    await keys.confirm(toast(page, /One unfinished device was deleted\./));
    await row(page, /^Unfinished devices/).waitFor({ state: 'hidden' });
    assert.deepEqual(await wire.unassigned(), []);
  });

  it('a device gets a name', async () => {
    await openRows();
    await keys.toRow(/^Has MFA/, /^marcus/, /^marcus, virtual device/);
    const list = page.locator('.quick-input-list');
    await keys.menu('Edit Name and Note…', { next: () => list.getByText('Name', { exact: true }).first().isVisible() });
    assert.ok(await keys.choose('Name'));
    await keys.answer(/marcus/, 'Work phone');
    await row(page, /^marcus, Work phone, virtual device/).waitFor();
  });

  it('users are found, ordered and copied', async () => {
    await openRows('many');
    await keys.toRow(/^Being checked|^Can sign in without MFA/);
    await keys.command('AWS MFA: Filter Users…');
    await page.locator('.quick-input-title').getByText('Filter Users').waitFor();
    await typeInBox(page, 'person-03 @noMfa');
    await row(page, /^person-0307/).waitFor();
    await topBox(page).press('Enter');
    await keys.toRow(/person-0307/);
    await keys.menu('Copy as CSV', { next: () => toast(page, /1 user was copied/).isVisible() });
    await told(page, /1 user was copied/);
    await keys.command('AWS MFA: Clear Filter');
    await row(page, /^jordan/).waitFor();

    await keys.commandAndChoose('AWS MFA: Sort Users…', 'Name');
    await keys.commandAndChoose('AWS MFA: Group Users…', 'Nothing');
    await keys.toRow(/^Show 300 more users, 100 of 400 shown/);
    await keys.press('Enter');
    const focused = page.locator('.sidebar .monaco-list-row.focused');
    await until('the focus on the first of them', async () =>
      ((await attributeOf(focused, 'aria-label')) ?? '').startsWith('person-0093'),
    );

    await keys.command('AWS MFA: Go to User…');
    await page.locator('.quick-input-title').getByText('Go to User').waitFor();
    await typeInBox(page, 'person-0388');
    await page.locator('.quick-input-list').getByText('person-0388').waitFor();
    await topBox(page).press('Enter');
    await until('the focus on whom one went to', async () =>
      ((await attributeOf(focused, 'aria-label')) ?? '').startsWith('person-0388'),
    );
  });
});
