import assert from 'node:assert/strict';
import { type PracticeAccount, startPracticeAccount } from '../../src/practice/server';
import { quickInput, quickPick, runCommand } from '../../scripts/host/workbench.mjs';
import {
  answer,
  chooseOnRow,
  commandAndPick,
  EnrolmentPage,
  keysOf,
  modal,
  openRow,
  picture,
  pressOnRow,
  row,
  showUsers,
  statusSays,
  told,
  topBox,
  valueOf,
} from './hands';
import { otherTotp } from '../otherTotp';
import { Stage, until, Wire } from './stage';

const minutes = 60_000;

describe('devices through their life', () => {
  let practice: PracticeAccount;
  let stage: Stage;
  let wire: Wire;
  const serialOf = (name: string) => `arn:aws:iam::${practice.accountId}:mfa/${name}`;

  beforeEach(async () => {
    practice = await startPracticeAccount();
    const { endpoint } = practice;
    wire = new Wire({ endpoint, ...practice.caller('admin-role') });
    stage = await Stage.start({
      profiles: { keeper: { endpoint, ...practice.caller('keeper') }, priya: keysOf(practice, 'priya') },
      account: 'profile:keeper',
    });
  });

  afterEach(async function () {
    await stage.closeWindows(this.currentTest);
    await stage.end();
    await practice.stop();
  });

  const seedOf = (serial: string): string => {
    const seed = practice.seedOf(serial);
    assert.ok(seed, `${serial} has a seed`);
    stage.seeds.add(seed);
    return seed;
  };

  it('a second device of one’s own: a code of the first one proves who asks', async () => {
    const page = await stage.open();
    await showUsers(page);
    await runCommand(page, 'AWS MFA: Add Account…');
    await quickPick(page, 'priya');
    await openRow(page, /^Has MFA/, /^priya.*You/);
    const panel = await EnrolmentPage.fromRow(stage, page, /^priya.*You/, 'Add MFA Device…');
    await panel.says('First, a code of a device you have');
    // The passkey shows no codes, so it is not offered.
    assert.equal(await panel.frame.getByRole('radio').count(), 2);
    await picture(page, 'prove-dark');
    await panel.frame.getByRole('radio', { name: /priya-tablet/ }).check();
    await panel.frame.getByRole('textbox', { name: 'Code', exact: true }).fill('000000');
    await panel.button('Continue').click();
    await panel.says('AWS did not take this code.');
    await picture(page, 'prove-refused-dark');
    const code = await otherTotp(seedOf(serialOf('priya-tablet')), Date.now());
    await panel.frame.getByRole('textbox', { name: 'Code', exact: true }).fill(code);
    await panel.button('Continue').click();
    await panel.enable(await panel.scan(/:priya-2@acme-practice\?/));
    await panel.says('MFA is on for priya');
    await picture(page, 'second-device-dark');
    assert.ok((await wire.devices('priya')).includes(serialOf('priya-2')), 'AWS lists the second device');
    assert.doesNotMatch(stage.log(), new RegExp(code));
  });

  it('removing one of one’s own: a refused code has ways on, and a right one takes the device away', async () => {
    const page = await stage.open();
    await showUsers(page);
    await runCommand(page, 'AWS MFA: Add Account…');
    await quickPick(page, 'priya');
    await row(page, /^priya.*You/)
      .or(row(page, /^Has MFA/))
      .first()
      .waitFor();
    const remove = async () => {
      await commandAndPick(page, 'AWS MFA: Remove MFA Device…', 'priya');
      await quickPick(page, 'work-key');
      await modal(page)
        .getByText(/priya still has: priya \(virtual device\)/)
        .waitFor();
      await answer(page, 'Remove');
      await page.locator('.quick-input-list').getByText('I have none of these at hand').waitFor();
      await picture(page, 'own-removal-choice-dark');
      await quickPick(page, 'priya-tablet');
    };
    const box = page.locator('.quick-input-widget');

    await remove();
    await box.getByText(/AWS wants a code before you change your own devices/).waitFor();
    await quickInput(page, '12345');
    await box.getByText('A code has six digits.').waitFor();
    await picture(page, 'own-removal-code-dark');
    await quickInput(page, '000000');
    await modal(page).getByText('AWS did not take this code.').waitFor();
    await picture(page, 'own-removal-refused-dark');
    await answer(page, 'Resync priya-tablet…');
    const panel = await EnrolmentPage.inFront(stage, page);
    await panel.says('Resync priya-tablet of priya');
    assert.equal((await wire.devices('priya')).length, 3, 'nothing was taken away');

    await remove();
    await quickInput(page, '000000');
    await answer(page, 'Try Another Code');
    await quickPick(page, 'priya-tablet');
    await quickInput(page, await otherTotp(seedOf(serialOf('priya-tablet')), Date.now()));
    await told(page, /The device work-key was removed\./);
    assert.deepEqual([...(await wire.devices('priya'))].sort(), [serialOf('priya'), serialOf('priya-tablet')]);
  });

  it('removing the last one: the policy that demands MFA is named, and the user’s name is typed', async () => {
    const page = await stage.open();
    await showUsers(page);
    await statusSays(page, /5 without MFA/);
    await openRow(page, /^Has MFA/, /^marcus/);
    await openRow(page, /^marcus, MFA/, /^marcus, virtual device/);
    await chooseOnRow(page, /^marcus, virtual device/, 'Remove MFA Device…', { next: () => modal(page).isVisible() });
    await modal(page).getByText('Remove the MFA device marcus from marcus').waitFor();
    await modal(page)
      .getByText(/RequireMfa \(through the group everyone\) demands MFA: marcus will be locked out/)
      .waitFor();
    await picture(page, 'remove-last-dark');
    await answer(page, 'Go On…');
    await quickInput(page, 'marc');
    await page.locator('.quick-input-widget').getByText('Type marcus to take away').waitFor();
    // The box is asked anew: that of before is not the one to type into.
    await until('an empty box', async () => (await valueOf(topBox(page))) === '');
    await picture(page, 'remove-type-name-dark');
    assert.deepEqual(await wire.devices('marcus'), [serialOf('marcus')], 'half a name removes nothing');
    await quickInput(page, 'marcus');
    await told(page, /The device marcus was removed\./);
    await statusSays(page, /6 without MFA/);
    await row(page, /^marcus, no MFA/).waitFor();
    await picture(page, 'removed-dark');
    assert.deepEqual(await wire.devices('marcus'), []);
    assert.deepEqual(await wire.unassigned(), ['sam']);
    assert.match(stage.log(), /user\/jordan removes arn:aws:iam::\d+:mfa\/marcus from marcus: removed/);
  });

  /** Opens the panel that replaces the virtual device of ines. */
  const replaceOfInes = async (): Promise<EnrolmentPage> => {
    const page = await stage.open();
    await showUsers(page);
    await openRow(page, /^Has MFA/, /^ines/);
    await openRow(page, /^ines, MFA/, /^ines, virtual device/);
    return EnrolmentPage.fromRow(stage, page, /^ines, virtual device/, 'Replace MFA Device…', { menu: true });
  };

  it('a new phone: the new device comes first, then the old one goes', async () => {
    const panel = await replaceOfInes();
    const { page } = panel;
    await panel.says('Replace ines of ines');
    const seed = await panel.scan();
    await panel.says('Once the new device is on, ines is removed.');
    await picture(page, 'replace-dark');
    assert.ok((await wire.devices('ines')).includes(`arn:aws:iam::${practice.accountId}:mfa/contractors/ines`));
    await panel.enable(seed, 'Enable and Replace');
    await panel.says('MFA is on for ines');
    await panel.says('The old device ines was removed.');
    await picture(page, 'replaced-dark');
    const serials = await wire.devices('ines');
    assert.ok(!serials.some((serial) => serial.endsWith('/contractors/ines')), serials.join());
    assert.equal(serials.filter((serial) => serial.includes(':mfa/')).length, 1, serials.join());
    assert.deepEqual(await wire.unassigned(), ['sam']);
    const writes = practice.calls
      .map(({ operation }) => operation)
      .filter((name) => /^(Enable|Deactivate|Delete)/.test(name));
    assert.deepEqual(writes, ['EnableMFADevice', 'DeactivateMFADevice', 'DeleteVirtualMFADevice']);
  });

  it('a new phone, whose panel is closed while it is being enabled: the old device stays, and that is said', async () => {
    const panel = await replaceOfInes();
    const { page } = panel;
    practice.faults.set({ kind: 'latency', operation: 'EnableMFADevice', ms: 15_000 });
    await panel.enable(await panel.scan(), 'Enable and Replace');
    await panel.frame.locator('button[aria-disabled=true]').getByText('Cancel').waitFor();
    await runCommand(page, 'View: Close Editor');
    await told(page, /The new device ines was still enabled for ines.*The old device ines is on too\./);
    await picture(page, 'replacement-closed-dark');
    const serials = await wire.devices('ines');
    assert.ok(serials.includes(serialOf('contractors/ines')) && serials.includes(serialOf('ines')), serials.join());
  });

  it('a network that goes away while a device is being enabled: what was typed stays, and the next try tells', async () => {
    const page = await stage.open();
    await showUsers(page);
    await statusSays(page, /5 without MFA/);
    const panel = await EnrolmentPage.fromRow(stage, page, /^maya/, 'Enable MFA…');
    // Before there are codes, which grow old while a theme is put on.
    await stage.wear('light');
    practice.faults.set({ kind: 'dropAnswer', operation: 'EnableMFADevice' });
    practice.faults.set({ kind: 'html503', operation: 'ListMFADevices' });
    await panel.enable(await panel.scan());
    await panel.says('AWS’s answer was lost, and whether the device is on could not be asked.');
    await picture(page, 'answer-lost-light');
    practice.faults.clear();
    await panel.button('Enable MFA').click();
    await panel.says('MFA is on for maya');
    await statusSays(page, /4 without MFA/);
    assert.deepEqual(await wire.devices('maya'), [serialOf('maya')]);
    assert.deepEqual(await wire.unassigned(), ['sam']);
  });

  it('a phone that has drifted is brought into step', async () => {
    const page = await stage.open();
    await showUsers(page);
    await openRow(page, /^Has MFA/, /^marcus/);
    await openRow(page, /^marcus, MFA/, /^marcus, virtual device/);
    const target = /^marcus, virtual device/;
    const panel = await EnrolmentPage.fromRow(stage, page, target, 'Resync MFA Device…', { menu: true });
    await panel.says('Resync marcus of marcus');
    const seed = seedOf(serialOf('marcus'));
    await panel.type('123456', '123456');
    await panel.says('You typed the same code twice.');
    await panel.type('123456', '654321');
    await panel.button('Resync').click();
    await panel.says('AWS did not accept these two codes for a resync.');
    await picture(page, 'resync-refused-dark');
    await panel.typeUnjudged(seed, 20 * minutes);
    await picture(page, 'resync-dark');
    await panel.button('Resync').click();
    await panel.says('marcus is in step again');
    await picture(page, 'resynced-dark');
    const resyncs = practice.calls.filter(({ operation }) => operation === 'ResyncMFADevice');
    assert.deepEqual(
      resyncs.map(({ status }) => status),
      [403, 200],
    );
  });

  it('a hardware token is enabled by the serial number printed on it', async () => {
    const page = await stage.open();
    await showUsers(page);
    await statusSays(page, /5 without MFA/);
    await commandAndPick(page, 'AWS MFA: Enable MFA with a Hardware Token…', 'maya');
    const panel = await EnrolmentPage.inFront(stage, page);
    const serial = panel.frame.getByRole('textbox', { name: 'Serial number' });
    const [token = ''] = practice.spareTokens;
    await serial.fill('GAHT99999999');
    await panel.typeUnjudged(seedOf(token));
    await panel.button('Enable MFA').click();
    await panel.says('AWS knows no token of this serial number.');
    await picture(page, 'token-unknown-dark');
    await serial.fill(token);
    await panel.typeUnjudged(seedOf(token));
    await picture(page, 'token-dark');
    await panel.button('Enable MFA').click();
    await panel.says('MFA is on for maya');
    await picture(page, 'token-done-dark');
    await statusSays(page, /4 without MFA/);
    assert.deepEqual(await wire.devices('maya'), [token]);
    assert.deepEqual(await wire.unassigned(), ['sam'], 'no virtual device was made on the way');
  });

  it('someone who lost everything is reset, with instructions to send', async () => {
    const page = await stage.open();
    await showUsers(page);
    await statusSays(page, /5 without MFA/);
    await openRow(page, /^Has MFA/, /^priya/);
    const choice = page.locator('.quick-input-widget');
    await chooseOnRow(page, /^priya/, 'Reset MFA…', { next: () => choice.getByText('work-key').isVisible() });
    await picture(page, 'reset-choice-dark');
    await choice.getByRole('button', { name: 'OK' }).click();
    await modal(page)
      .getByText(/Remove the 3 MFA devices/)
      .waitFor();
    await answer(page, 'Go On…');
    await quickInput(page, 'priya');
    await told(page, /MFA was reset for priya/);
    await picture(page, 'reset-dark');
    const editor = page.locator('.monaco-editor .view-lines').first();
    await until('the instructions', async () =>
      /Sign\sin\sas\spriya/.test(await editor.innerText({ timeout: 2000 }).catch(() => '')),
    );
    await picture(page, 'reset-instructions-dark');
    const right = (places: readonly { getBoundingClientRect(): { readonly right: number } }[]) =>
      Math.max(...places.map((place) => place.getBoundingClientRect().right));
    const end = await page.locator('.monaco-editor').first().evaluateAll(right);
    assert.ok((await editor.locator('.view-line > span').evaluateAll(right)) <= end, 'no line runs out of the window');
    assert.deepEqual(await wire.devices('priya'), []);
    assert.deepEqual(await wire.unassigned(), ['sam']);
    await statusSays(page, /6 without MFA/);
    assert.match(stage.log(), /user\/jordan has reset the MFA of priya/);
  });

  it('what one window is enrolling is no leftover in another', async () => {
    const first = await stage.open();
    await showUsers(first);
    const panel = await EnrolmentPage.fromRow(stage, first, /^maya/, 'Enable MFA…');
    await panel.scan();
    assert.deepEqual([...(await wire.unassigned())].sort(), ['maya', 'sam']);

    const second = await stage.open();
    await showUsers(second);
    await openRow(second, /^Unfinished devices/, /^sam, probably sam’s/);
    assert.equal(await row(second, /not in use/).count(), 1, 'maya’s is not listed');
    const next = () => modal(second).isVisible();
    await pressOnRow(second, /^Unfinished devices/, 'Delete Unfinished Devices…', { next });
    await answer(second, 'Delete');
    await told(second, /One unfinished device was deleted\./);
    assert.deepEqual(await wire.unassigned(), ['maya']);
    await panel.button('Cancel').click();
    await until('the cancelled one is gone too', async () => (await wire.unassigned()).length === 0);
  });

  it('what one window has changed is seen in another, of itself', async () => {
    const first = await stage.open();
    const second = await stage.open();
    for (const page of [first, second]) {
      await showUsers(page);
      await statusSays(page, /5 without MFA/);
    }
    const lists = () => practice.calls.filter(({ operation }) => operation === 'ListUsers').length;
    const before = lists();
    const panel = await EnrolmentPage.fromRow(stage, first, /^maya/, 'Enable MFA…');
    await panel.enable(await panel.scan());
    await panel.says('MFA is on for maya');
    await statusSays(second, /4 without MFA/);
    await openRow(second, /^Has MFA/, /^maya, MFA/);
    assert.equal(lists(), before, 'nobody else was read again');
  });

  it('name and note are kept in AWS as tags and shown on the row', async () => {
    const page = await stage.open();
    await showUsers(page);
    await openRow(page, /^Has MFA/, /^marcus/);
    await openRow(page, /^marcus, MFA/, /^marcus, virtual device/);
    const next = () => page.locator('.quick-input-list').getByText('Name', { exact: true }).first().isVisible();
    await chooseOnRow(page, /^marcus, virtual device/, 'Edit Name and Note…', { next });
    await quickPick(page, 'Name');
    await quickInput(page, 'Work phone');
    await row(page, /^marcus, Work phone, virtual device/).waitFor();
    await picture(page, 'named-dark');
    const tags = practice.devices().find(({ serial }) => serial === serialOf('marcus'))?.tags;
    assert.deepEqual(tags, [{ key: 'Name', value: 'Work phone' }]);
  });
});
