import type { Page } from 'playwright-core';
import { runCommand } from '../../scripts/host/workbench.mjs';
import { largeCompany, smallCompany } from '../../src/practice/company';
import { type PracticeAccount, startPracticeAccount } from '../../src/practice/server';
import { openAlone, picture, pressInTitle, row, selectRow, showUsers, statusSays } from './hands';
import { Stage, type Keys } from './stage';

describe('the tree says what it knows', () => {
  let accounts: readonly PracticeAccount[];
  let stage: Stage;
  let page: Page;

  before(async () => {
    const slow = await startPracticeAccount();
    slow.faults.set({ kind: 'latency', operation: 'ListUsers', ms: 20_000 });
    const company = smallCompany();
    const empty = await startPracticeAccount({
      company: {
        ...company,
        users: [],
        unassigned: [],
        callers: company.callers.filter((caller) => caller.name === 'admin-role'),
      },
    });
    const silent = await startPracticeAccount();
    silent.faults.set({ kind: 'deny', operation: 'ListMFADevices' });
    const many = await startPracticeAccount({ company: largeCompany(300), reportBuildMs: 0 });
    many.faults.set({ kind: 'deny', operation: 'GetAccountSummary' });
    accounts = [slow, empty, silent, many];
    const keys = (account: PracticeAccount, caller: string): Keys => ({
      endpoint: account.endpoint,
      ...account.caller(caller),
    });
    stage = await Stage.start({
      profiles: {
        slow: keys(slow, 'keeper'),
        empty: keys(empty, 'admin-role'),
        silent: keys(silent, 'keeper'),
        many: keys(many, 'keeper'),
      },
    });
    page = await stage.open();
    await showUsers(page);
    await page.getByRole('button', { name: 'Add Account…' }).waitFor();
  });

  after(async () => {
    await stage.end();
    await Promise.all(accounts.map((account) => account.stop()));
  });

  const choose = (profile: string) => openAlone(page, profile);

  it('while the account is being read', async () => {
    await choose('slow');
    await row(page, /profile slow.*reading/).waitFor();
    await statusSays(page, /Reading MFA/);
    await picture(page, 'state-loading-dark');
    const stopped = page.locator('.sidebar .message').getByText('the reading was stopped');
    await pressInTitle(page, 'Stop Reading', () => stopped.isVisible());
    await picture(page, 'state-stopped-dark');
    accounts[0]?.faults.clear();
    await runCommand(page, 'AWS MFA: Refresh');
    await row(page, /^jordan/).waitFor({ timeout: 60_000 });
    await statusSays(page, /5 without MFA/);
  });

  it('of an account without users', async () => {
    await choose('empty');
    await row(page, /^This account has no IAM users/).waitFor({ timeout: 60_000 });
    await page.locator('.sidebar .message').getByText('add another account').waitFor();
    await statusSays(page, /No IAM users/);
    await picture(page, 'state-empty-dark');
  });

  it('of users who could not be checked, and calls nobody of them safe or unsafe', async () => {
    await choose('silent');
    await row(page, /^Could not be checked, 7/).waitFor({ timeout: 60_000 });
    await row(page, /^acme-practice, 0 of 10 without MFA, 7 not checked/).waitFor();
    await row(page, /^jordan.*iam:ListMFADevices refused/).waitFor();
    await statusSays(page, /7 could not be checked/);
    await picture(page, 'state-unchecked-dark');
  });

  it('of users whom only the report knows to have none, and asks AWS about the one that is selected', async () => {
    await choose('many');
    await row(page, /^jordan.*reported/).waitFor({ timeout: 60_000 });
    for (const theme of ['light', 'high-contrast', 'high-contrast-light', 'dark'] as const) {
      await stage.wear(theme);
      await picture(page, `state-reported-${theme}`);
    }
    await selectRow(page, /^maya/);
    await row(page, /^maya(?!.*reported)/).waitFor({ timeout: 60_000 });
    await row(page, /^jordan.*reported/).waitFor();
    await picture(page, 'state-reported-selected-dark');
  });
});
