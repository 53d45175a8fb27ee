import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { quickPick, runCommand } from '../../scripts/host/workbench.mjs';
import { practiceKeys, practiceSessionKeys } from '../../src/practice/keys';
import {
  clickedOn,
  EnrolmentPage,
  hoverUntil,
  isShown,
  picture,
  row,
  showUsers,
  statusItem,
  statusSays,
} from './hands';
import { root, Stage, until, Wire, type Keys } from './stage';

describe('the main job, in the practice account', () => {
  let stage: Stage;

  before(async () => {
    stage = await Stage.start();
  });

  afterEach(async function () {
    await stage.closeWindows(this.currentTest);
  });

  after(() => stage.end());

  it('goes from the welcome to a verified device, by the palette', async () => {
    const page = await stage.open();
    await showUsers(page);
    await page.getByRole('button', { name: 'Add Account…' }).waitFor();
    await page.getByRole('button', { name: 'Open Practice Account' }).waitFor();
    await picture(page, 'welcome-dark');

    await runCommand(page, 'AWS MFA: Open Practice Account');
    await statusSays(page, /5 without MFA/);
    await row(page, /^jordan/).waitFor();
    await picture(page, 'tree-dark');

    await runCommand(page, 'AWS MFA: Enable MFA…');
    const first = page.locator('.quick-input-list .monaco-list-row').first();
    await first.filter({ hasText: /jordan.*You/ }).waitFor();
    await picture(page, 'user-picker-dark');
    await quickPick(page, 'jordan');

    const panel = await EnrolmentPage.inFront(stage, page);
    const seed = await panel.scan(
      /^otpauth:\/\/totp\/Amazon%20Web%20Services:jordan@acme-practice\?secret=[A-Z2-7]{64}&issuer=Amazon%20Web%20Services$/,
    );
    await picture(page, 'panel-dark');
    await panel.enable(seed);
    await panel.says('MFA is on for jordan');
    await statusSays(page, /4 without MFA/);
    await row(page, /^jordan.*MFA, 1 device/)
      .or(row(page, /^Has MFA/))
      .first()
      .waitFor();
    await picture(page, 'done-dark');

    // Over the wire, not by the extension's word.
    const endpoint = await until(
      'the practice account’s address',
      () => /answers at (http:\S+)/.exec(stage.log())?.[1],
    );
    const wire = new Wire({ endpoint, ...practiceSessionKeys('admin-role') });
    assert.deepEqual(await wire.devices('jordan'), ['arn:aws:iam::210987654321:mfa/jordan']);
    assert.deepEqual(await wire.unassigned(), ['sam']);
  });

  it('can be tried without a phone', async () => {
    const page = await stage.open();
    await showUsers(page);
    await page.getByRole('button', { name: 'Open Practice Account' }).click();
    const panel = await EnrolmentPage.fromRow(stage, page, /^theo/, 'Enable MFA…');
    const seed = await panel.scan();
    await panel.button('Show a Practice Phone').click();
    await panel.button('Type This Code').click();
    await panel.says('Code 1 is right');
    await picture(page, 'panel-phone-dark');
    // The phone shows the next code within half a minute.
    const first = await panel.code1.inputValue();
    await until('the phone’s next code', async () => {
      await panel.button('Type This Code').click();
      const second = await panel.code2.inputValue();
      return second.length === 6 && second !== first;
    });
    await panel.says('Both codes are right');
    await panel.button('Enable MFA').click();
    await panel.says('MFA is on for theo');
    assert.ok(seed);
  });
});

describe('the main job, in an account served by npm run practice', () => {
  let practice: ChildProcess;
  let endpoint: string;
  let stage: Stage;
  const keysOf = (name: string): Keys => ({ endpoint, ...practiceKeys(name) });

  before(async () => {
    practice = spawn(process.execPath, ['--import', 'tsx', path.join(root, 'src/practice/cli.ts'), '--port', '0'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    practice.stdout?.on('data', (data: Buffer) => (printed += data.toString()));
    await until('the practice account', () => /^ready/m.test(printed));
    endpoint = /^endpoint: (\S+)/m.exec(printed)?.[1] ?? '';
    stage = await Stage.start({ profiles: { keeper: keysOf('keeper'), myself: keysOf('self') } });
  });

  afterEach(async function () {
    await stage.closeWindows(this.currentTest);
  });

  after(async () => {
    await stage.end();
    practice.kill();
  });

  it('is done by a keeper who chooses a profile and clicks with the right button', async () => {
    const page = await stage.open();
    await showUsers(page);
    await page.getByRole('button', { name: 'Add Account…' }).click();
    await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'keeper' }).waitFor();
    await picture(page, 'account-picker-dark');
    await quickPick(page, 'keeper');
    await statusSays(page, /5 without MFA/);
    const panel = await EnrolmentPage.fromRow(stage, page, /^jordan/, 'Enable MFA…', { menu: true });
    await panel.says(/Not AWS/);
    await panel.enable(await panel.scan());
    await panel.says('MFA is on for jordan');
    await statusSays(page, /4 without MFA/);
    const wire = new Wire({ endpoint, ...practiceSessionKeys('admin-role') });
    assert.deepEqual(await wire.devices('jordan'), ['arn:aws:iam::210987654321:mfa/jordan']);
  });

  it('is done by someone who may manage only themselves, from the status bar', async () => {
    const page = await stage.open();
    await showUsers(page);
    await page.getByRole('button', { name: 'Add Account…' }).click();
    await quickPick(page, 'myself');
    await statusSays(page, /1 without MFA/);
    await page.locator('.sidebar').getByText('You can see only yourself').waitFor();
    await picture(page, 'only-you-dark');
    const link = page.locator('.monaco-hover').getByRole('link', { name: 'Enable MFA…' });
    await hoverUntil(page, statusItem(page), link);
    await picture(page, 'status-tooltip-dark');
    // The tooltip may have gone, or be made anew.
    await until('the list of whom to choose', async () => {
      if (!(await link.isVisible())) {
        await hoverUntil(page, statusItem(page), link);
      }
      await clickedOn(link);
      return isShown(page.locator('.quick-input-list').getByText('maya').first(), 2000);
    });
    await quickPick(page, 'maya');
    const panel = await EnrolmentPage.inFront(stage, page);
    await panel.enable(await panel.scan(/:maya@210987654321\?/));
    await panel.says('MFA is on for maya');
    await statusSays(page, /You have MFA/);
    const wire = new Wire({ endpoint, ...practiceSessionKeys('admin-role') });
    assert.deepEqual(await wire.devices('maya'), ['arn:aws:iam::210987654321:mfa/maya']);
    assert.deepEqual(await wire.unassigned(), ['sam']);
  });
});
