import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { runCommand } from '../../scripts/host/workbench.mjs';
import { type PracticeAccount, startPracticeAccount } from '../../src/practice/server';
import { escape, openAlone, picture, pressOnRow, row, showUsers, statusSays } from './hands';
import { Stage, type Keys } from './stage';

/** What a person reads for each kind of trouble, and what they can do about it. */
const troubles: readonly { readonly profile: string; readonly says: RegExp; readonly todo: RegExp }[] = [
  { profile: 'unreachable', says: /http:\/\/127\.0\.0\.1:1\S* cannot be reached/, todo: /endpoint_url/ },
  { profile: 'wrong-secret', says: /The secret access key does not fit/, todo: /Copy the secret key/ },
  { profile: 'deleted-key', says: /AWS does not know this access key/, todo: /Check the keys of this profile/ },
  { profile: 'expired', says: /Your sign-in has run out/, todo: /Sign in again/ },
  { profile: 'html', says: /gave an answer that is not AWS’s/, todo: /the setting http\.proxy/ },
  { profile: 'half', says: /No credentials were found/, todo: /Check the profile/ },
  { profile: 'no-rights', says: /credentials lack the permission iam:ListUsers/, todo: /Ask someone/ },
];

describe('trouble is said in a sentence', () => {
  let practice: PracticeAccount;
  let expired: PracticeAccount;
  let html: Server;
  let stage: Stage;
  let page: Page;

  before(async () => {
    practice = await startPracticeAccount();
    expired = await startPracticeAccount();
    expired.faults.set({ kind: 'expiredToken' });
    html = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<!DOCTYPE html><html><body><h1>Please sign in to the network</h1></body></html>');
    });
    await new Promise<void>((resolve) => html.listen(0, '127.0.0.1', resolve));
    const htmlEndpoint = `http://127.0.0.1:${(html.address() as AddressInfo).port}`;
    const keeper = { endpoint: practice.endpoint, ...practice.caller('keeper') };
    const clerk = practice.addCaller({
      name: 'clerk',
      identity: { kind: 'role', roleName: 'Administrator', sessionName: 'clerk' },
      permissions: { allExcept: ['iam:ListUsers'] },
    });
    const profiles: Readonly<Record<string, Keys>> = {
      keeper,
      unreachable: { ...keeper, endpoint: 'http://127.0.0.1:1' },
      'wrong-secret': { ...keeper, secretAccessKey: keeper.secretAccessKey.split('').reverse().join('') },
      'deleted-key': { ...keeper, accessKeyId: `AKIA${'Q'.repeat(16)}` },
      expired: { ...keeper, endpoint: expired.endpoint },
      html: { ...keeper, endpoint: htmlEndpoint },
      'no-rights': { ...clerk, endpoint: practice.endpoint },
    };
    stage = await Stage.start({ profiles, moreConfig: '[profile half]\nregion = us-east-1\nthis line says nothing\n' });
    page = await stage.open();
    await showUsers(page);
    await page.getByRole('button', { name: 'Add Account…' }).waitFor();
  });

  after(async () => {
    await stage.end();
    html.close();
    await practice.stop();
    await expired.stop();
  });

  for (const { profile, says, todo } of troubles) {
    it(`for the profile ${profile}`, async () => {
      await openAlone(page, profile);
      const message = page.locator('.sidebar .message').filter({ hasText: says });
      await message.waitFor({ timeout: 60_000 });
      const text = await message.innerText();
      assert.match(text, todo);
      assert.doesNotMatch(text, /\bat .*\.js|Error:|undefined|\[object/);
      await statusSays(page, /MFA could not be checked/);
      // Refused, run out and failed do not look alike.
      const state = { 'no-rights': 'you may not look', expired: 'sign-in has run out' }[profile] ?? 'could not be read';
      await row(page, new RegExp(`profile ${profile}.*${state}`)).waitFor();
      await picture(page, `trouble-${profile}-dark`);
    });
  }

  it('names the line of a file that cannot be read', async () => {
    await runCommand(page, 'AWS MFA: Add Account…');
    await page
      .locator('.quick-input-list')
      .getByText(/Line \d+ of .*config/)
      .waitFor();
    await escape(page);
  });

  it('goes away once the account can be read', async () => {
    await openAlone(page, 'keeper');
    await statusSays(page, /5 without MFA/);
    await row(page, /^jordan/).waitFor();
    await page.locator('.sidebar .message').filter({ hasText: /\S/ }).waitFor({ state: 'hidden' });
  });

  it('keeps what was read before, with its age, when a refresh fails', async () => {
    practice.faults.set({ kind: 'html503' });
    await runCommand(page, 'AWS MFA: Refresh');
    await page
      .locator('.sidebar .message')
      .filter({ hasText: /not AWS’s|a fault of its own/ })
      .waitFor({ timeout: 60_000 });
    await row(page, /^jordan/).waitFor();
    await row(page, /could not be read again/).waitFor();
    await picture(page, 'trouble-refresh-dark');
    practice.faults.clear();
    await pressOnRow(page, /could not be read again/, 'Refresh', {
      next: () => row(page, /5 of 10 without MFA/).isVisible(),
    });
  });

  it('is in the log with operation, status, request id and duration, without a secret', () => {
    const log = stage.log();
    assert.match(log, /ListUsers: status 200, \d+ ms, request [0-9a-f-]{36}/);
    assert.match(log, /GetCallerIdentity: SignatureDoesNotMatch, status 403, \d+ ms, request/);
    const { secretAccessKey } = practice.caller('keeper');
    assert.ok(!log.includes(secretAccessKey));
    assert.ok(!log.includes(secretAccessKey.split('').reverse().join('')));
  });
});
