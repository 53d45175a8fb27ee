import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { quickPick, runCommand } from '../../scripts/host/workbench.mjs';
import { largeCompany } from '../../src/practice/company';
import { type PracticeAccount, startPracticeAccount } from '../../src/practice/server';
import {
  attributeOf,
  chooseOnRow,
  clickedOn,
  escape,
  isGone,
  isShown,
  openAlone,
  picture,
  pressInTitle,
  row,
  showUsers,
  statusSays,
  toast,
  told,
  topBox,
  typeInBox,
} from './hands';
import { Stage, themes, until } from './stage';

const size = 5000;

/** Of so many, all who have no virtual device are asked about one by one where AWS tells neither report nor sum. */
const slowSize = 1000;

describe('an account of five thousand users', () => {
  let practice: PracticeAccount;
  let slow: PracticeAccount;
  let stage: Stage;
  let page: Page;

  before(async () => {
    practice = await startPracticeAccount({ company: largeCompany(size) });
    practice.faults.set({ kind: 'latency', ms: 60 });
    slow = await startPracticeAccount({ company: largeCompany(slowSize) });
    for (const operation of ['GenerateCredentialReport', 'GetCredentialReport', 'GetAccountSummary']) {
      slow.faults.set({ kind: 'deny', operation });
    }
    slow.faults.set({ kind: 'latency', operation: 'ListMFADevices', ms: 2000 });
    stage = await Stage.start({
      profiles: {
        large: { endpoint: practice.endpoint, ...practice.caller('keeper') },
        slow: { endpoint: slow.endpoint, ...slow.caller('keeper') },
      },
    });
    page = await stage.open();
    await showUsers(page);
    await page.getByRole('button', { name: 'Add Account…' }).waitFor();
  });

  after(async () => {
    await stage.end();
    await practice.stop();
    await slow.stop();
  });

  const message = (): Locator => page.locator('.sidebar .message');
  const box = (): Locator => topBox(page);
  const filterBy = async (text: string) => {
    await pressInTitle(page, 'Filter Users…', () => box().isVisible());
    await typeInBox(page, text);
  };

  it('is read, and counted right', async () => {
    await openAlone(page, 'large');
    // Who is without, of those added: three of ten.
    await statusSays(page, /1,502 without MFA/);
    await row(page, /^acme-practice, 1,502 of 5,000 without MFA/).waitFor();
    await row(page, /^jordan.*You/).waitFor();
    await picture(page, 'many-dark');
  });

  it('is filtered while one types', async () => {
    await filterBy('person-42');
    await row(page, /^person-4207/).waitFor();
    await message()
      .getByText(/person-42.*of 5,?000/)
      .waitFor();
    await until('other rows to be gone', async () => (await row(page, /^jordan/).count()) === 0);
    for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
      await stage.wear(theme);
      await picture(page, `many-filtering-${theme}`);
    }
    await stage.wear('dark');
    await box().click();
    await page.keyboard.type(' @noPassword');
    await row(page, /^person-4209.*no password/).waitFor();
    await until('those with a password to be gone', async () => (await row(page, /^person-4207/).count()) === 0);
    await page.keyboard.press('Enter');
    await box().waitFor({ state: 'hidden' });
    await row(page, /^person-4209/).waitFor();
    await picture(page, 'many-filtered-dark');
    await pressInTitle(page, 'Clear Filter', () => row(page, /^jordan/).isVisible());
    await message().waitFor({ state: 'hidden' });
  });

  it('stays filtered where it is asked for again, and where one goes on with who was found', async () => {
    const isFiltered = () =>
      message()
        .getByText(/person-42.*of 5,?000/)
        .waitFor();
    await filterBy('person-42');
    await isFiltered();
    // In a box that was opened anew, what stands in it is selected.
    const selected = `getSelection()?.toString()`;
    await pressInTitle(page, 'Filter Users…', async () => (await page.evaluate(selected)) === 'person-42');
    await escape(page);
    await isFiltered();

    await filterBy('person-4207');
    await row(page, /^person-4207/).waitFor();
    const sort = page.getByRole('menuitem', { name: 'Sort Users…' });
    const asked = page.locator('.quick-input-title').getByText('Sort Users');
    // The editor takes no click on a menu that has only just opened.
    await until('the question', async () => {
      if (await asked.isVisible()) {
        return true;
      }
      if (!(await sort.isVisible())) {
        await page.mouse.move(200, 60);
        await clickedOn(
          page
            .locator('.sidebar')
            .getByRole('button', { name: /More Actions/ })
            .first(),
        );
      }
      await clickedOn(sort);
      return isShown(asked, 2000);
    });
    await escape(page);
    await message()
      .getByText(/"person-4207", 1 of/)
      .waitFor();
    await pressInTitle(page, 'Clear Filter', () => row(page, /^jordan/).isVisible());
  });

  it('says that nobody is found, and in which words it can be asked', async () => {
    await filterBy('nobody-of-this-name');
    await row(page, /^Nobody matches/).waitFor();
    await picture(page, 'many-nobody-dark');
    await typeInBox(page, '@unheardof');
    await page.locator('.quick-input-widget').getByText('There is no @unheardof').waitFor();
    await picture(page, 'many-unknown-word-dark');
    await escape(page);
    await row(page, /^jordan/).waitFor();
  });

  it('is gone through to one user by name', async () => {
    await runCommand(page, 'AWS MFA: Go to User…');
    await page.locator('.quick-input-title').getByText('Go to User').waitFor();
    await box().fill('person-4989');
    await quickPick(page, 'person-4989');
    const found = row(page, /^person-4989/);
    await found.waitFor();
    await until('the row to be selected', async () => (await attributeOf(found, 'aria-selected')) === 'true');
    await picture(page, 'many-found-dark');
  });

  it('shows a hundred of a group, and the others by a press, from the first of which one goes on', async () => {
    const more = row(page, /^Show 902 more users, 100 of 1,002 shown/);
    await runCommand(page, 'AWS MFA: Go to User…');
    await page.locator('.quick-input-title').getByText('Go to User').waitFor();
    await box().fill('jordan');
    await quickPick(page, 'jordan');
    await row(page, /^jordan/).waitFor();
    await until('the mouse over the rows', () =>
      row(page, /^jordan/)
        .hover({ timeout: 2000 })
        .then(
          () => true,
          () => false,
        ),
    );
    await until('the hundred to be scrolled through', async () => {
      await page.mouse.wheel(0, 300);
      return more.isVisible();
    });
    for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
      await stage.wear(theme);
      await picture(page, `many-more-${theme}`);
    }
    await stage.wear('dark');
    const width = async () => (await page.locator('.part.sidebar').boundingBox())?.width ?? 0;
    const drag = async (by: number) => {
      const side = await page.locator('.part.sidebar').boundingBox();
      assert.ok(side);
      await page.mouse.move(side.x + side.width, 600);
      await page.mouse.down();
      await page.mouse.move(side.x + side.width + by, 600, { steps: 5 });
      await page.mouse.up();
    };
    const wide = await width();
    await drag(-200);
    await until('a narrower side bar', async () => (await width()) < wide);
    await more.scrollIntoViewIfNeeded();
    await picture(page, 'many-more-narrow-dark');
    await drag(wide - (await width()));
    await until('the side bar as it was', async () => Math.abs((await width()) - wide) < 3);
    const last = await page
      .locator('.sidebar')
      .getByRole('treeitem')
      .filter({ hasText: /^person/ })
      .all();
    assert.ok(last.length > 0);
    await until('the others', async () => (await clickedOn(more)) && isGone(more, 2000));
    await until('the focus to be on the first of them', async () => {
      const focused = page.locator('.sidebar .monaco-list-row.focused');
      return (await focused.count()) === 1 && ((await attributeOf(focused, 'aria-label')) ?? '').startsWith('person');
    });
    await picture(page, 'many-more-shown-dark');
  });

  it('is put in another order', async () => {
    await runCommand(page, 'AWS MFA: Group Users…');
    await quickPick(page, 'Path');
    await row(page, /^\/contractors\//).waitFor();
    await runCommand(page, 'AWS MFA: Sort Users…');
    await picture(page, 'many-sort-dark');
    await quickPick(page, 'Name');
    await picture(page, 'many-by-path-dark');
    await runCommand(page, 'AWS MFA: Group Users…');
    await quickPick(page, 'State');
    await row(page, /^Can sign in without MFA/).waitFor();
  });

  it('is copied as a table, a group at once', async () => {
    const next = () => toast(page, /copied/i).isVisible();
    await chooseOnRow(page, /^Can sign in without MFA/, 'Copy as CSV', { next });
    await told(page, /copied/i);
  });

  it('costs nobody a row when it is read again', async () => {
    const rows = page.locator('.sidebar .monaco-list-row');
    const first = rows.first();
    await first.evaluate((element: { setAttribute(name: string, value: string): void }) =>
      element.setAttribute('data-before', 'yes'),
    );
    const lists = () => practice.calls.filter(({ operation }) => operation === 'ListUsers').length;
    const before = lists();
    await runCommand(page, 'AWS MFA: Refresh');
    await until('the account to be read', () => lists() >= before + 5);
    await statusSays(page, /1,502 without MFA/);
    assert.equal(await first.getAttribute('data-before'), 'yes');
  });

  it('asks about those first who are in sight: here those whom the filter leaves', async () => {
    const asked = () =>
      slow.calls.flatMap(({ operation, parameters }) =>
        operation === 'ListMFADevices' ? [parameters['UserName'] ?? ''] : [],
      );
    await openAlone(page, 'slow');
    await until('users to be asked about', () => asked().length > 0);
    await filterBy('person-09');
    const settled = row(page, /^person-09\d\d.*(no MFA|MFA, 1 device)/);
    await settled.first().waitFor();
    await picture(page, 'many-in-sight-dark');
    const inSight = (name: string) => name.startsWith('person-09');
    await until('all of them to be asked about', () => asked().filter(inSight).length >= 30);
    await escape(page);
    // Some of them come early by the order of the others, before they are in sight.
    const thirtieth = asked().indexOf(asked().filter(inSight)[29] ?? '');
    const before = asked().slice(thirtieth - 25, thirtieth);
    assert.ok(before.filter(inSight).length > 20, before.join());
    await runCommand(page, 'AWS MFA: Stop Reading');
  });
});
