import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { IAMClient, ListVirtualMFADevicesCommand } from '@aws-sdk/client-iam';
import { commands, env, extensions, type Tab, TabInputWebview, window, workspace } from 'vscode';

const id = 'mfa-for-aws-iam.mfa-for-aws-iam';

interface Summary {
  readonly accountId: string;
  readonly alias?: string;
  readonly total: number;
  readonly withoutMfa: number;
  readonly canSignIn: number;
  readonly noPassword: number;
  readonly unchecked: number;
  readonly hasMfa: number;
}

async function until<T>(what: string, look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const end = Date.now() + 30_000;
  for (;;) {
    const answer = await look();
    if (answer !== undefined) {
      return answer;
    }
    assert.ok(Date.now() < end, `Waited in vain for: ${what}`);
    await pause(50);
  }
}

function enrolmentTabs(): readonly Tab[] {
  return window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter((tab) => tab.input instanceof TabInputWebview && tab.label.startsWith('Enable MFA for'));
}

/** Unassigned virtual devices, asked of the account over the wire. */
async function unassigned(): Promise<readonly string[]> {
  const { PRACTICE_ENDPOINT, PRACTICE_KEY, PRACTICE_SECRET, PRACTICE_TOKEN } = process.env;
  const iam = new IAMClient({
    endpoint: PRACTICE_ENDPOINT ?? '',
    region: 'us-east-1',
    credentials: {
      accessKeyId: PRACTICE_KEY ?? '',
      secretAccessKey: PRACTICE_SECRET ?? '',
      sessionToken: PRACTICE_TOKEN ?? '',
    },
  });
  const { VirtualMFADevices } = await iam.send(new ListVirtualMFADevicesCommand({ AssignmentStatus: 'Unassigned' }));
  return (VirtualMFADevices ?? []).map((device) => (device.SerialNumber ?? '').replace(/^.*\//, '')).sort();
}

describe('the extension in its host', () => {
  it('is in a real editor', () => {
    assert.ok(env.appName);
    assert.ok(extensions.getExtension(id));
  });

  it('starts by itself and opens the account that the environment names', async () => {
    await until('activation', () => (extensions.getExtension(id)?.isActive ? true : undefined));
    const summary = await until('the account', async () =>
      commands.executeCommand<Summary | undefined>('awsMfa.refresh'),
    );
    assert.equal(summary.accountId, '210987654321');
    assert.equal(summary.alias, 'acme-practice');
    assert.deepEqual(
      [summary.total, summary.withoutMfa, summary.canSignIn, summary.noPassword, summary.unchecked, summary.hasMfa],
      [10, 5, 4, 1, 0, 5],
    );
  });

  it('registers every command of its manifest', async () => {
    const all = await commands.getCommands(true);
    const { contributes } = extensions.getExtension(id)?.packageJSON as {
      readonly contributes: { readonly commands: readonly { readonly command: string }[] };
    };
    assert.ok(contributes.commands.length > 0);
    for (const { command } of contributes.commands) {
      assert.ok(all.includes(command), command);
    }
  });

  it('warns about all users unless told otherwise', () => {
    assert.equal(workspace.getConfiguration().get('awsMfa.statusBar.warnAbout'), 'allUsers');
  });

  it('opens one panel for a user, made once, and leaves nothing behind when it is closed', async () => {
    await commands.executeCommand('awsMfa.enableMfa', { userName: 'maya' });
    const tab = await until('the panel', () => enrolmentTabs()[0]);
    assert.equal(tab.label, 'Enable MFA for maya');
    await until('the device', async () => ((await unassigned()).includes('maya') ? true : undefined));

    await commands.executeCommand('awsMfa.enableMfa', { userName: 'maya' });
    assert.equal(enrolmentTabs().length, 1);
    assert.deepEqual(await unassigned(), ['maya', 'sam']);

    await window.tabGroups.close(enrolmentTabs());
    await until('the device to be gone', async () => ((await unassigned()).includes('maya') ? undefined : true));
    assert.deepEqual(await unassigned(), ['sam']);
  });

  it('has a panel for each of two users', async () => {
    await commands.executeCommand('awsMfa.enableMfa', { userName: 'maya' });
    await commands.executeCommand('awsMfa.enableMfa', { userName: 'theo' });
    await until('both devices', async () => ((await unassigned()).length === 3 ? true : undefined));
    assert.deepEqual(
      enrolmentTabs()
        .map((tab) => tab.label)
        .sort(),
      ['Enable MFA for maya', 'Enable MFA for theo'],
    );
    await window.tabGroups.close(enrolmentTabs());
    await until('both devices to be gone', async () => ((await unassigned()).length === 1 ? true : undefined));
  });

  it('does not take a leftover of someone else', async () => {
    await commands.executeCommand('awsMfa.enableMfa', { userName: 'sam' });
    await until('the panel', () => enrolmentTabs()[0]);
    await window.tabGroups.close(enrolmentTabs());
    await commands.executeCommand('awsMfa.refresh');
    assert.deepEqual(await unassigned(), ['sam']);
  });

  it('is not upset by arguments that make no sense', async () => {
    await commands.executeCommand('awsMfa.enableMfa', { userName: 'nobody-of-that-name' });
    assert.deepEqual(enrolmentTabs(), []);
    assert.deepEqual(await unassigned(), ['sam']);
    await commands.executeCommand('awsMfa.refresh', 42);
    await commands.executeCommand('awsMfa.showLog', { surprise: true });
  });

  it('opens the practice account, which is another one, and knows the difference', async () => {
    const summary = await commands.executeCommand<Summary>('awsMfa.openPracticeAccount');
    assert.equal(summary.total, 10);
    await commands.executeCommand('awsMfa.enableMfa', { userName: 'theo' });
    await until('the panel', () => enrolmentTabs()[0]);
    assert.deepEqual(await unassigned(), ['sam'], 'the account of before is left alone');
    await window.tabGroups.close(enrolmentTabs());
  });
});
