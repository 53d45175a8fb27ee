import assert from 'node:assert/strict';
import { runCommand } from '../../scripts/host/workbench.mjs';
import { type PracticeAccount, startPracticeAccount } from '../../src/practice/server';
import { EnrolmentPage, picture, showUsers, statusSays } from './hands';
import { otherTotp } from '../otherTotp';
import { Stage, until, Wire } from './stage';

describe('what goes wrong leaves nothing behind', () => {
  let practice: PracticeAccount;
  let stage: Stage;
  let wire: Wire;

  before(async () => {
    practice = await startPracticeAccount();
    const watcher = practice.caller('admin-role');
    wire = new Wire({ endpoint: practice.endpoint, ...watcher });
    stage = await Stage.start({
      profiles: { keeper: { endpoint: practice.endpoint, ...practice.caller('keeper') } },
      account: 'profile:keeper',
    });
  });

  afterEach(async function () {
    await stage.closeWindows(this.currentTest);
  });

  after(async () => {
    await stage.end();
    await practice.stop();
  });

  const nothingLeft = () =>
    until('no unassigned device but the one that was there', async () => {
      const names = await wire.unassigned();
      return names.length === 1 && names[0] === 'sam';
    });

  async function panelFor(userName: string) {
    const page = await stage.open();
    await showUsers(page);
    return EnrolmentPage.fromRow(stage, page, new RegExp(`^${userName}`), 'Enable MFA…');
  }

  it('tells wrong, repeated, reversed, distant and late codes apart, and Cancel deletes the device', async () => {
    const panel = await panelFor('maya');
    const seed = await panel.scan();
    assert.ok((await wire.unassigned()).includes('maya'));
    const enabledBefore = practice.calls.filter((call) => call.operation === 'EnableMFADevice').length;
    const now = Date.now();
    const older = await otherTotp(seed, now - 30_000);
    const newer = await otherTotp(seed, now);

    const foreign = await otherTotp('JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', now);
    await panel.type(foreign, '');
    await panel.says('Code 1 does not belong to this QR code.');
    await picture(panel.page, 'code-wrong-dark');

    await panel.type(newer, newer);
    await panel.says('You typed the same code twice.');

    await panel.type(newer, older);
    await panel.says('The codes are in the wrong order.');
    await picture(panel.page, 'code-reversed-dark');

    await panel.type(await otherTotp(seed, now - 90_000), newer);
    await panel.says('These codes do not follow each other: 2 codes lie between them.');

    // None of these could work, so the button does nothing.
    await panel.button('Enable MFA').click({ force: true });
    await panel.code2.press('Enter');
    assert.equal(practice.calls.filter((call) => call.operation === 'EnableMFADevice').length, enabledBefore);

    await panel.button('Cancel').click();
    await nothingLeft();
  });

  it('takes the codes of a slow phone and says so', async () => {
    const panel = await panelFor('theo');
    const seed = await panel.scan();
    const slow = Date.now() - 180_000;
    await panel.type(await otherTotp(seed, slow - 30_000), await otherTotp(seed, slow));
    await panel.says('Both codes are right.');
    await panel.says(/Your phone’s clock is about \d+ seconds slow/);
    await picture(panel.page, 'phone-slow-dark');
    await panel.button('Enable MFA').click();
    await panel.says('MFA is on for theo');
    assert.deepEqual(await wire.devices('theo'), [`arn:aws:iam::${practice.accountId}:mfa/theo`]);
    await nothingLeft();
  });

  it('keeps the QR code and what was typed while another tab is in front', async () => {
    const panel = await panelFor('maya');
    const seed = await panel.scan();
    const code = await otherTotp(seed, Date.now());
    await panel.code1.fill(code);
    await panel.says('Code 1 is right');
    // Another panel comes to the front; the first page is gone until it is shown again.
    const says = 'Enable MFA for jordan';
    const other = await EnrolmentPage.fromRow(stage, panel.page, /^jordan/, 'Enable MFA…', { says });
    await panel.page.getByRole('tab', { name: says }).waitFor();
    assert.notEqual(await other.scan(/:jordan@/), seed);
    await panel.page.getByRole('tab', { name: 'Enable MFA for maya' }).click();
    const again = await EnrolmentPage.saying(stage, panel.page, 'Enable MFA for maya');
    assert.equal(await again.scan(), seed);
    assert.equal(await again.code1.inputValue(), code);

    // Closing the tabs is as good as Cancel.
    await runCommand(panel.page, 'View: Close All Editors');
    await nothingLeft();
  });

  it('deletes the device when its window is closed', async () => {
    const panel = await panelFor('maya');
    await panel.scan();
    assert.ok((await wire.unassigned()).includes('maya'));
    await panel.page.close({ runBeforeUnload: true });
    await nothingLeft();
  });

  it('deletes the device after its extension host was killed, at the next start', async () => {
    const panel = await panelFor('maya');
    await panel.scan();
    assert.ok((await wire.unassigned()).includes('maya'));
    const hosts = stage.host.extensionHostPids();
    assert.ok(hosts.length > 0);
    for (const host of hosts) {
      process.kill(host, 'SIGKILL');
    }
    await panel.page.close();
    assert.ok((await wire.unassigned()).includes('maya'), 'a killed process can delete nothing');
    const page = await stage.open();
    await nothingLeft();
    await statusSays(page, /without MFA/);
  });

  it('explains a leftover of someone else, and deletes it only when told to', async () => {
    const panel = await panelFor('sam');
    await panel.says('An unfinished device named sam is in the way.');
    await picture(panel.page, 'leftover-dark');
    assert.deepEqual(await wire.unassigned(), ['sam']);
    await panel.button('Delete sam and Start Afresh').click();
    await panel.enable(await panel.scan());
    await panel.says('MFA is on for sam');
    assert.deepEqual(await wire.devices('sam'), [`arn:aws:iam::${practice.accountId}:mfa/sam`]);
    assert.deepEqual(await wire.unassigned(), []);
  });
});
