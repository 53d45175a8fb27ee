import assert from 'node:assert/strict';
import { commands } from 'vscode';
import { account, closePanels, type Summary, unassigned, untilPanels } from './hands';

// The last of all: there is no way back but through a list that a person picks from.
describe('another account', () => {
  before(() => account());

  it('opens the practice account, and knows the difference', async () => {
    const summary = await commands.executeCommand<Summary>('awsMfa.openPracticeAccount');
    assert.equal(summary.total, 10);
    await commands.executeCommand('awsMfa.enableMfa', { userName: 'theo' });
    await untilPanels('Enable MFA for theo');
    assert.deepEqual(await unassigned(), ['sam'], 'the account of before is left alone');
    await closePanels();
  });
});
