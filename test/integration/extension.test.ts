import assert from 'node:assert/strict';
import { commands, env, extensions, workspace } from 'vscode';
import { account, closePanels, unassigned, until, untilPanels, untilUnassigned } from './hands';

const id = 'mfa-for-aws-iam.mfa-for-aws-iam';

describe('the extension in its host', () => {
  it('is in a real editor', () => {
    assert.ok(env.appName);
    assert.ok(extensions.getExtension(id));
  });

  it('starts by itself and opens the account that the environment names', async () => {
    await until('activation', () => (extensions.getExtension(id)?.isActive ? true : undefined));
    const summary = await account();
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
    await untilPanels('Enable MFA for maya');
    await untilUnassigned('maya', 'sam');

    await commands.executeCommand('awsMfa.enableMfa', { userName: 'maya' });
    await untilPanels('Enable MFA for maya');
    assert.deepEqual(await unassigned(), ['maya', 'sam']);

    await closePanels();
    await untilUnassigned('sam');
  });

  it('has a panel for each of two users', async () => {
    await commands.executeCommand('awsMfa.enableMfa', { userName: 'maya' });
    await commands.executeCommand('awsMfa.enableMfa', { userName: 'theo' });
    await untilUnassigned('maya', 'sam', 'theo');
    await untilPanels('Enable MFA for maya', 'Enable MFA for theo');
    await closePanels();
    await untilUnassigned('sam');
  });

  it('does not take a leftover of someone else', async () => {
    await commands.executeCommand('awsMfa.enableMfa', { userName: 'sam' });
    await untilPanels('Enable MFA for sam');
    await closePanels();
    await commands.executeCommand('awsMfa.refresh');
    assert.deepEqual(await unassigned(), ['sam']);
  });

  it('is not upset by arguments that make no sense', async () => {
    await commands.executeCommand('awsMfa.enableMfa', { userName: 'nobody-of-that-name' });
    await untilPanels();
    assert.deepEqual(await unassigned(), ['sam']);
    await commands.executeCommand('awsMfa.refresh', 42);
    await commands.executeCommand('awsMfa.showLog', { surprise: true });
  });
});
