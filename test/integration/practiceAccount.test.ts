import assert from 'node:assert/strict';
import { commands } from 'vscode';
import { account, closePanels, type Summary, unassigned, until, untilPanels } from './hands';

// The last of all: there is no way back but through a list that a person picks from.
describe('another account', () => {
  before(() => account());

  it('opens the practice account, and knows the difference', async () => {
    const summary = await commands.executeCommand<Summary>('awsMfa.openPracticeAccount');
    assert.equal(summary.total, 10);
    const both = await commands.executeCommand<readonly Summary[]>('awsMfa.refresh');
    assert.equal(both.length, 2, 'the same numbers on another server are another account');
    await removeFirst();
    await commands.executeCommand('awsMfa.enableMfa', { userName: 'theo' });
    await untilPanels('Enable MFA for theo');
    assert.deepEqual(await unassigned(), ['sam'], 'the account of before is left alone');
    await closePanels();
  });
});

/** Takes the first account out of the view: the list that asks which is answered with what is on top. */
async function removeFirst(): Promise<void> {
  let answered = false;
  void commands.executeCommand('awsMfa.removeAccount').then(() => (answered = true));
  await until('the answer', async () => {
    await commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    return answered ? true : undefined;
  });
}
