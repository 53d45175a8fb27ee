import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { type PracticeAccount, startPracticeAccount } from '../../src/practice/server';
import { EnrolmentPage, modal, statusSays, told } from './hands';
import { otherTotp } from '../otherTotp';
import { Stage, until, Wire } from './stage';

describe('the whole job by keyboard alone', () => {
  let practice: PracticeAccount;
  let stage: Stage;

  before(async () => {
    practice = await startPracticeAccount();
    stage = await Stage.start({
      profiles: { keeper: { endpoint: practice.endpoint, ...practice.caller('keeper') } },
    });
  });

  afterEach(async function () {
    await stage.closeWindows(this.currentTest);
  });

  after(async () => {
    await stage.end();
    await practice.stop();
  });

  const listed = (page: Page) => page.locator('.quick-input-list .monaco-list-row');

  /** Runs a command by its title; its row must be there before Enter. */
  async function command(page: Page, title: string): Promise<void> {
    const { keyboard } = page;
    await until(`the command ${title}`, async () => {
      await keyboard.press('F1');
      await keyboard.type(title);
      const there = await listed(page)
        .first()
        .filter({ hasText: title })
        .waitFor({ timeout: 3000 })
        .then(
          () => true,
          () => false,
        );
      if (!there) {
        await keyboard.press('Escape');
      }
      return there;
    });
    await keyboard.press('Enter');
  }

  /** Chooses from a list by typing what it is called. @returns false where the list has closed */
  async function choose(page: Page, name: string): Promise<boolean> {
    const row = listed(page).filter({ hasText: name });
    const first = listed(page).first().filter({ hasText: name });
    try {
      await row.first().waitFor({ timeout: 5000 });
      await page.keyboard.type(name);
      await first.waitFor({ timeout: 5000 });
    } catch {
      return false;
    }
    await page.keyboard.press('Enter');
    return true;
  }

  /**
   * Runs a command and chooses from its list. As the palette closes, the editor gives a page that had the focus the focus back,
   * a moment later: a list that is there by then closes again, and a person runs the command once more.
   */
  async function commandAndChoose(page: Page, title: string, name: string): Promise<void> {
    await until(`${title} ${name}`, async () => {
      await command(page, title);
      return choose(page, name);
    });
  }

  async function open(): Promise<Page> {
    const page = await stage.open();
    await commandAndChoose(page, 'AWS MFA: Add Account…', 'keeper');
    return page;
  }

  /** Types both codes of a seed into the panel, whose cursor is where the first one goes. */
  async function typeCodes(panel: EnrolmentPage, seed: string): Promise<void> {
    await panel.frame.locator('#code1:focus').waitFor();
    const now = Date.now();
    // Six digits take the cursor to the second field.
    await panel.page.keyboard.type(await otherTotp(seed, now - 30_000));
    await panel.page.keyboard.type(await otherTotp(seed, now));
    await panel.says('Both codes are right.');
    await panel.page.keyboard.press('Enter');
  }

  it('from an empty window to a verified device', async () => {
    const page = await open();
    await statusSays(page, /5 without MFA/);
    await commandAndChoose(page, 'AWS MFA: Enable MFA…', 'maya');

    const panel = await EnrolmentPage.inFront(stage, page);
    await typeCodes(panel, await panel.scan());
    await panel.says('MFA is on for maya');
    await statusSays(page, /4 without MFA/);
    const wire = new Wire({ endpoint: practice.endpoint, ...practice.caller('admin-role') });
    assert.deepEqual(await wire.devices('maya'), [`arn:aws:iam::${practice.accountId}:mfa/maya`]);
  });

  it('a new phone in the place of an old one, and then the last device away', async () => {
    const page = await open();
    const wire = new Wire({ endpoint: practice.endpoint, ...practice.caller('admin-role') });
    await commandAndChoose(page, 'AWS MFA: Replace MFA Device…', 'marcus');
    const panel = await EnrolmentPage.inFront(stage, page);
    await typeCodes(panel, await panel.scan());
    await panel.says('The old device marcus was removed.');
    const marcus2 = `arn:aws:iam::${practice.accountId}:mfa/marcus-2`;
    assert.deepEqual(await wire.devices('marcus'), [marcus2]);

    await commandAndChoose(page, 'AWS MFA: Remove MFA Device…', 'marcus');
    await modal(page).getByText('Remove the MFA device marcus-2 from marcus').waitFor();
    await page.keyboard.press('Enter');
    const prompt = page.locator('.quick-input-widget').getByText('Type marcus to take away the last MFA device.');
    await prompt.waitFor();
    await page.keyboard.press('Escape');
    await prompt.waitFor({ state: 'hidden' });
    assert.deepEqual(await wire.devices('marcus'), [marcus2], 'Escape leaves all as it is');

    await commandAndChoose(page, 'AWS MFA: Remove MFA Device…', 'marcus');
    await modal(page).waitFor();
    await page.keyboard.press('Enter');
    await prompt.waitFor();
    await page.keyboard.type('marcus');
    await page.keyboard.press('Enter');
    await told(page, /The device marcus-2 was removed\./);
    assert.deepEqual(await wire.devices('marcus'), []);
  });
});
