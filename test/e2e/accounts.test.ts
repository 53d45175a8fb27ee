import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { quickInput, quickPick, runCommand } from '../../scripts/host/workbench.mjs';
import { smallCompany, sisterCompany } from '../../src/practice/company';
import { type PracticeAws, startPracticeAws } from '../../src/practice/aws';
import type { PracticeAccount } from '../../src/practice/server';
import { ssoTokenFileName } from '../../src/practice/signIn';
import {
  chooseOnRow,
  commandAndPick,
  EnrolmentPage,
  escape,
  hoverUntil,
  openAlone,
  picture,
  pictures,
  pressInTitle,
  pressOnRow,
  row,
  selectRow,
  showUsers,
  statusSays,
} from './hands';
import { Keyboard } from './keyboard';
import { otherTotp } from '../otherTotp';
import { root, Stage, themes, until, type Theme } from './stage';

const session = 'acme';
const phone = 'arn:aws:iam::210987654321:mfa/jordan-phone';

/** Ways of signing in to two accounts of one server. */
function config(aws: PracticeAws, acme: PracticeAccount, labs: PracticeAccount): string {
  const keys = (account: PracticeAccount, caller: string) => {
    const { accessKeyId, secretAccessKey, sessionToken } = account.caller(caller);
    return [
      `aws_access_key_id = ${accessKeyId}`,
      `aws_secret_access_key = ${secretAccessKey}`,
      ...(sessionToken === undefined ? [] : [`aws_session_token = ${sessionToken}`]),
    ];
  };
  const sections: Readonly<Record<string, readonly string[]>> = {
    'profile acme': keys(acme, 'keeper'),
    'profile acme-auditor': keys(acme, 'auditor'),
    'profile labs': keys(labs, 'labs-keeper'),
    'profile acme-admin': [
      `role_arn = ${acme.roleArn('Administrator')}`,
      'source_profile = acme',
      `mfa_serial = ${phone}`,
    ],
    'profile labs-admin': [
      `role_arn = ${labs.roleArn('LabsAdministrator')}`,
      'source_profile = acme',
      `mfa_serial = ${phone}`,
    ],
    'profile acme-sso': [
      `sso_session = ${session}`,
      `sso_account_id = ${acme.accountId}`,
      'sso_role_name = Administrator',
    ],
    [`sso-session ${session}`]: [`sso_start_url = ${aws.signIn.startUrl}`, `sso_region = ${aws.signIn.region}`],
  };
  return Object.entries(sections)
    .map(([name, lines]) =>
      [
        `[${name}]`,
        ...(name.startsWith('sso-session') ? [] : ['region = us-east-1', `endpoint_url = ${aws.endpoint}`]),
        ...lines,
        '',
      ].join('\n'),
    )
    .join('\n');
}

describe('several accounts and ways of signing in', () => {
  let aws: PracticeAws;
  let acme: PracticeAccount;
  let labs: PracticeAccount;
  let stage: Stage;

  beforeEach(async () => {
    const company = smallCompany();
    const [jordan] = company.users.filter(({ name }) => name === 'jordan');
    assert.ok(jordan, 'jordan works there');
    aws = await startPracticeAws({
      companies: [
        {
          ...company,
          // Somebody with a phone, whose codes STS takes.
          users: company.users.map((user) =>
            user === jordan
              ? { ...user, devices: [{ kind: 'virtual' as const, name: 'jordan-phone', enabledDaysAgo: 90 }] }
              : user,
          ),
        },
        sisterCompany(),
      ],
    });
    const [first, second] = aws.accounts;
    assert.ok(first && second, 'there are two accounts');
    [acme, labs] = [first, second];
    stage = await Stage.start({
      moreConfig: config(aws, acme, labs),
      env: {
        AWS_ENDPOINT_URL_SSO: aws.endpoint,
        AWS_ENDPOINT_URL_SSO_OIDC: aws.endpoint,
      },
    });
  });

  afterEach(async function () {
    await stage.closeWindows(this.currentTest);
    await stage.end();
    await aws.stop();
  });

  const add = async (page: Page, profile: string) => {
    await runCommand(page, 'AWS MFA: Add Account…');
    await quickPick(page, profile);
  };

  const tokenFile = () => path.join(stage.folder, '.aws', 'sso', 'cache', ssoTokenFileName(session));
  const ssoToken = (expiresInSeconds: number) =>
    JSON.stringify(aws.signIn.ssoToken({ expiresInSeconds, refreshable: false }));

  /** As `aws sso login` does: the token is in its file. */
  const signInToSso = (expiresInSeconds: number) => {
    mkdirSync(path.dirname(tokenFile()), { recursive: true });
    writeFileSync(tokenFile(), ssoToken(expiresInSeconds));
  };

  /**
   * Puts a command `aws` into the terminal's way that signs in as AWS's own does, but for the page in the browser.
   * @returns the file into which it writes what it was asked
   */
  const commandThatSignsIn = () => {
    const commands = path.join(stage.folder, 'commands');
    const [token, asked] = [path.join(commands, 'token.json'), path.join(commands, 'asked')];
    mkdirSync(commands);
    writeFileSync(token, ssoToken(3600));
    writeFileSync(path.join(commands, 'aws'), `#!/bin/sh\necho "$@" >'${asked}'\ncp '${token}' '${tokenFile()}'\n`);
    chmodSync(path.join(commands, 'aws'), 0o755);
    // The editor takes the terminal's path from what the person's shell says.
    writeFileSync(path.join(stage.folder, '.bashrc'), `PATH='${commands}':"$PATH"\n`);
    return asked;
  };

  const phoneCode = (): string => {
    const code = acme.codeShownBy(phone);
    assert.ok(code, 'the phone shows a code');
    return code;
  };

  const box = (page: Page) => page.locator('.quick-input-widget:visible');

  it('two of them stand side by side, one of which fails, and a panel keeps to its own', async () => {
    const page = await stage.open();
    await showUsers(page);
    await openAlone(page, 'acme');
    await row(page, /^maya/).waitFor({ timeout: 60_000 });
    labs.faults.set({ kind: 'html503' });
    await add(page, 'labs');
    await row(page, /^profile labs.*could not be read/).waitFor({ timeout: 60_000 });
    await row(page, /^acme-practice/).waitFor();
    await statusSays(page, /4 without MFA/);
    await picture(page, 'accounts-one-fails-dark');

    await commandAndPick(page, 'AWS MFA: Enable MFA…', /^acme-practice/);
    await quickPick(page, 'maya');
    const panel = await EnrolmentPage.inFront(stage, page);
    const seed = await panel.scan(/:maya@acme-practice\?/);
    labs.faults.clear();
    await pressOnRow(page, /^profile labs/, 'Refresh', { next: () => row(page, /^olivia/).isVisible() });
    await chooseOnRow(page, /^acme-practice/, 'Remove Account from View', {
      next: () => row(page, /^acme-practice/).isHidden(),
    });
    await panel.says(/acme-practice/);
    await picture(page, 'panel-keeps-its-account-dark');
    await panel.enable(seed);
    await panel.says('MFA is on for maya');
    assert.deepEqual(
      acme
        .devices()
        .filter(({ owner }) => owner?.kind === 'user' && owner.userName === 'maya')
        .map(({ serial }) => serial),
      ['arn:aws:iam::210987654321:mfa/maya'],
    );
    assert.ok(
      !labs.calls.some(({ operation }) => operation === 'CreateVirtualMFADevice'),
      'the other one heard nothing',
    );
  });

  it('they are put in order, and two profiles of one are one with a choice of identity', async () => {
    const page = await stage.open();
    await showUsers(page);
    await openAlone(page, 'acme');
    await row(page, /^maya/).waitFor({ timeout: 60_000 });
    await add(page, 'labs');
    await row(page, /^olivia/).waitFor({ timeout: 60_000 });
    const order = async () => {
      const labels = await row(page, /without MFA.*profile/).allInnerTexts();
      return labels.map((label) => /acme-labs-practice|acme-practice/.exec(label)?.[0]).join();
    };
    await until('the order', async () => (await order()) === 'acme-practice,acme-labs-practice');
    await picture(page, 'accounts-dark');
    // The button above the rows is about all of them, whichever row has the focus.
    const lists = () =>
      [acme, labs].map(({ calls }) => calls.filter(({ operation }) => operation === 'ListUsers').length);
    const before = lists();
    await selectRow(page, /^acme-labs-practice/);
    await pressInTitle(page, 'Refresh', () => lists().every((count, index) => count > (before[index] ?? 0)));
    /** Rows may be drawn anew under the mouse. */
    const drag = (dragged: RegExp, onto: RegExp, wanted: string) =>
      until(`${dragged.source} before ${onto.source}`, async () => {
        await row(page, dragged)
          .dragTo(row(page, onto), { timeout: 5000 })
          .catch(() => undefined);
        return (await order()) === wanted;
      });
    await drag(/^acme-labs-practice/, /^acme-practice/, 'acme-labs-practice,acme-practice');
    await drag(/^acme-practice/, /^acme-labs-practice/, 'acme-practice,acme-labs-practice');
    const next = async () => (await order()) === 'acme-labs-practice,acme-practice';
    await chooseOnRow(page, /^acme-labs-practice/, 'Move Account Up', { next });

    await add(page, 'acme-auditor');
    await row(page, /^acme-practice.*profile acme-auditor/).waitFor({ timeout: 60_000 });
    assert.equal(await row(page, /^acme-practice/).count(), 1);
    const identity = page.locator('.quick-input-list').getByText('profile acme', { exact: true }).first();
    await chooseOnRow(page, /^acme-practice/, 'Choose Identity…', { next: () => identity.isVisible() });
    await picture(page, 'identities-dark');
    await quickPick(page, 'profile acme');
    await row(page, /^acme-practice.*profile acme\b(?!-)/).waitFor({ timeout: 60_000 });

    // The next window shows the same, in the same order. It may have been closed before the editor noted that the side bar was open.
    await page.reload({ timeout: 90_000 });
    await statusSays(page, /without MFA/);
    await showUsers(page);
    await row(page, /^olivia/).waitFor({ timeout: 90_000 });
    await row(page, /^maya/).waitFor({ timeout: 60_000 });
    await until('the order of before', async () => (await order()) === 'acme-labs-practice,acme-practice');
  });

  it('a role that wants MFA asks for a code, once for all that sign in through the same device', async () => {
    const page = await stage.open();
    await showUsers(page);
    await openAlone(page, 'acme-admin');
    await box(page).getByText('MFA code for profile acme-admin').waitFor({ timeout: 60_000 });
    await box(page)
      .getByText(/jordan-phone of account 2109-8765-4321/)
      .waitFor();
    await picture(page, 'mfa-question-dark');
    await quickInput(page, '12345');
    await box(page).getByText('A code has exactly 6 digits').waitFor();
    await quickInput(page, '000000');
    await box(page).getByText('AWS did not take that code').waitFor({ timeout: 60_000 });
    await picture(page, 'mfa-question-refused-dark');
    const code = phoneCode();
    await quickInput(page, code);
    await row(page, /^maya/).waitFor({ timeout: 60_000 });
    // Another account, by another role, through the same phone: nobody is asked.
    await add(page, 'labs-admin');
    await row(page, /^olivia/).waitFor({ timeout: 60_000 });
    assert.equal(await box(page).count(), 0);
    const given = aws.calls.filter(({ operation, status }) => operation === 'GetSessionToken' && status === 200);
    assert.equal(given.length, 1);
    assert.doesNotMatch(stage.log(), new RegExp(code));
  });

  it('nobody is asked for a code when a window opens: the row says what it needs, and its key asks', async () => {
    const page = await stage.open();
    await showUsers(page);
    await openAlone(page, 'acme-admin');
    await box(page).getByText('MFA code for profile acme-admin').waitFor({ timeout: 60_000 });
    await escape(page);
    await row(page, /^profile acme-admin.*needs a code/).waitFor({ timeout: 60_000 });
    await page.reload({ timeout: 90_000 });
    await statusSays(page, /could not be checked/);
    await showUsers(page);
    await row(page, /^profile acme-admin.*needs a code/).waitFor({ timeout: 90_000 });
    assert.equal(await box(page).count(), 0);
    assert.equal(await page.locator('.notifications-toasts .notification-toast').count(), 0, 'nothing pops up');
    await picture(page, 'needs-a-code-dark');
    const question = box(page).getByText('MFA code for profile acme-admin');
    await pressOnRow(page, /^profile acme-admin/, 'Enter MFA Code…', { next: () => question.isVisible() });
    await quickInput(page, phoneCode());
    await row(page, /^maya/).waitFor({ timeout: 60_000 });
  });

  it('a sign-in that has run out says so, offers what renews it, and loads by itself', async () => {
    signInToSso(-60);
    const page = await stage.open();
    await showUsers(page);
    await openAlone(page, 'acme-sso');
    await row(page, /^profile acme-sso.*sign-in has run out/).waitFor({ timeout: 60_000 });
    await page.locator('.sidebar .message').getByText('aws sso login --profile acme-sso').waitFor();
    const signIn = row(page, /^profile acme-sso/);
    await hoverUntil(page, signIn, signIn.getByRole('button', { name: 'Renew Sign-In in Terminal' }));
    await picture(page, 'sign-in-run-out-dark');
    const asked = commandThatSignsIn();
    // The file is there before the shell has written into it.
    const hasRun = () => existsSync(asked) && readFileSync(asked, 'utf8').endsWith('\n');
    await pressOnRow(page, /^profile acme-sso/, 'Renew Sign-In in Terminal', { next: hasRun });
    assert.equal(readFileSync(asked, 'utf8'), 'sso login --profile acme-sso\n');
    await row(page, /^maya/).waitFor({ timeout: 60_000 });
    await row(page, /sign-in has run out/).waitFor({ state: 'hidden' });
    await picture(page, 'sign-in-renewed-dark');
  });

  it('a sign-in that runs out in the middle of an enrolment loses nothing: the same QR code goes on', async () => {
    signInToSso(3600);
    const page = await stage.open();
    await showUsers(page);
    await openAlone(page, 'acme-sso');
    const panel = await EnrolmentPage.fromRow(stage, page, /^maya/, 'Enable MFA…');
    const seed = await panel.scan(/:maya@acme-practice\?/);
    aws.signIn.expire();
    signInToSso(-60);
    await panel.enable(seed);
    await panel.says(/sign-in has run out/i);
    await panel.button('Renew Sign-In').waitFor();
    await picture(page, 'enrolment-run-out-dark');
    signInToSso(3600);
    assert.equal(await panel.scan(), seed, 'the QR code is the same');
    // Pressed until the new token was noticed: the same codes are good until AWS has taken them.
    await until('AWS to take the codes', async () => {
      if (await panel.frame.getByText('MFA is on for maya').first().isVisible()) {
        return true;
      }
      // The page may be about to say so.
      const now = Date.now();
      const codes = [await otherTotp(seed, now - 30_000), await otherTotp(seed, now)] as const;
      await Promise.all([panel.code1.fill(codes[0], { timeout: 1000 }), panel.code2.fill(codes[1], { timeout: 1000 })])
        .then(() => panel.button('Enable MFA').click({ timeout: 1000 }))
        .catch(() => undefined);
      return false;
    });
    const created = acme.calls.filter(({ operation }) => operation === 'CreateVirtualMFADevice');
    assert.equal(created.length, 1);
  });

  it('what will work is told for the identity in use, with policies to copy', async () => {
    const page = await stage.open();
    await showUsers(page);
    await openAlone(page, 'acme');
    await row(page, /^maya/).waitFor({ timeout: 60_000 });
    const list = page.locator('.quick-input-list');
    const rule = (name: string) => list.getByRole('option', { name });
    const next = () => rule('Enable MFA for others').isVisible();
    await chooseOnRow(page, /^acme-practice/, 'Show Permissions', { next });
    await rule('Enable MFA for others').getByText('works').waitFor({ timeout: 60_000 });
    await picture(page, 'permissions-dark');
    await escape(page);
    await add(page, 'acme-auditor');
    await row(page, /^acme-practice.*profile acme-auditor/).waitFor({ timeout: 60_000 });
    await chooseOnRow(page, /^acme-practice/, 'Show Permissions', { next });
    await rule('Enable MFA for others').getByText('not known').waitFor({ timeout: 60_000 });
    await list
      .getByText('Missing: iam:SimulatePrincipalPolicy on arn:aws:iam::210987654321:role/SecurityAudit')
      .waitFor();
    await picture(page, 'permissions-not-known-dark');
    await page.keyboard.type('smallest policy for looking after others');
    await list.getByText('Copy the smallest policy for looking after others').click();
    await page.locator('.statusbar').getByText('The smallest policy for looking after others was copied').waitFor();
  });

  it('all of it looks right in every theme, and in a narrow window', async () => {
    signInToSso(-60);
    const page = await stage.open();
    await showUsers(page);
    await openAlone(page, 'labs');
    await row(page, /^olivia/).waitFor({ timeout: 60_000 });
    await add(page, 'acme-sso');
    await row(page, /^profile acme-sso.*sign-in has run out/).waitFor({ timeout: 60_000 });
    await row(page, /^Your sign-in has run out\. Run “aws sso login --profile acme-sso”/).waitFor();
    await picture(page, 'accounts-run-out-dark');
    if (process.env['UPDATE_IMAGES'] !== undefined) {
      copyFileSync(path.join(pictures, 'accounts-run-out-dark.png'), path.join(root, 'docs/images/accounts.png'));
    }
    await add(page, 'acme-admin');
    await box(page).getByText('MFA code for profile acme-admin').waitFor({ timeout: 60_000 });
    for (const theme of Object.keys(themes) as Theme[]) {
      await stage.wear(theme);
      await picture(page, `looks-mfa-question-${theme}`);
    }
    await escape(page);
    await row(page, /^profile acme-admin.*needs a code/).waitFor({ timeout: 60_000 });
    for (const theme of Object.keys(themes) as Theme[]) {
      await stage.wear(theme);
      await picture(page, `looks-accounts-${theme}`);
    }
    await page.setViewportSize({ width: 500, height: 900 });
    await picture(page, 'looks-accounts-narrow');
  });

  it('all of it is done by keyboard alone', async () => {
    const page = await stage.open();
    const keys = await Keyboard.on(page);
    await keys.command('AWS MFA: Focus on Users View');
    await keys.commandAndChoose('AWS MFA: Add Account…', 'labs');
    await row(page, /^olivia/).waitFor({ timeout: 60_000 });
    await keys.commandAndChoose('AWS MFA: Add Account…', 'acme-admin');
    await keys.answer('MFA code for profile acme-admin', phoneCode());
    await row(page, /^maya/).waitFor({ timeout: 60_000 });
    await keys.toRow(/^acme-practice/);
    const first = row(page, /without MFA.*profile/).first();
    await keys.menu('Move Account Up', {
      next: async () => (await first.innerText({ timeout: 1000 }).catch(() => '')).includes('acme-practice'),
    });

    await keys.commandAndChoose('AWS MFA: Add Account…', 'acme-auditor');
    await row(page, /^acme-practice.*profile acme-auditor/).waitFor({ timeout: 60_000 });
    await keys.toRow(/^acme-practice/);
    const list = page.locator('.quick-input-list');
    await keys.menu('Choose Identity…', {
      next: () => list.getByText('profile acme-admin', { exact: true }).first().isVisible(),
    });
    assert.ok(await keys.choose('profile acme-admin'));
    await row(page, /^acme-practice.*profile acme-admin/).waitFor({ timeout: 60_000 });

    await keys.toRow(/^acme-practice/);
    await keys.menu('Show Permissions', {
      next: () => list.getByText('Copy the smallest policy for looking after others').first().isVisible(),
    });
    assert.ok(await keys.choose('Copy the smallest policy for looking after others'));
    await page.locator('.statusbar').getByText('The smallest policy for looking after others was copied').waitFor();

    await keys.toRow(/^acme-labs-practice/);
    await keys.menu('Remove Account from View', { next: () => row(page, /^olivia/).isHidden() });
    await row(page, /^maya/).waitFor();
    await keys.assertAlone();
  });

  it('a profile that is written meanwhile can be chosen without a restart', async () => {
    const page = await stage.open();
    await showUsers(page);
    await openAlone(page, 'acme');
    await row(page, /^maya/).waitFor({ timeout: 60_000 });
    const { accessKeyId, secretAccessKey } = labs.caller('labs-keeper');
    const section = [
      '[profile brand-new]',
      `endpoint_url = ${aws.endpoint}`,
      `aws_access_key_id = ${accessKeyId}`,
      `aws_secret_access_key = ${secretAccessKey}`,
    ].join('\n');
    writeFileSync(path.join(stage.folder, 'config'), `${config(aws, acme, labs)}\n${section}\n`);
    await add(page, 'brand-new');
    await row(page, /^olivia/).waitFor({ timeout: 60_000 });
  });
});
