import assert from 'node:assert/strict';
import { commands, env } from 'vscode';
import type { TreeNode } from '../../src/editor/treeNodes';
import { account, closePanels, devicesOf, told, unassigned, untilPanels, untilUnassigned } from './hands';
import { SmallPractice } from './smallPractice';

const id = '210987654321';
const serialOf = (name: string): string => `arn:aws:iam::${id}:mfa/${name}`;
const userArn = (name: string): string => `arn:aws:iam::${id}:user/${name}`;

describe('commands about users and their devices', () => {
  /** Has the same people and devices as the account that is open: its rows are what the tree hands over. */
  let small: SmallPractice;

  before(async () => {
    await account();
    small = await SmallPractice.open();
  });
  after(() => small.close());
  afterEach(async () => {
    await closePanels();
    await untilUnassigned('sam');
  });

  const passkeyOf = async (userName: string) =>
    (await devicesOf(userName)).find((serial) => serial.includes(':u2f/')) ?? assert.fail(`${userName} has no passkey`);

  describe('copy', () => {
    let ofThePerson: string;

    before(async () => {
      ofThePerson = await env.clipboard.readText();
    });
    after(() => env.clipboard.writeText(ofThePerson));
    beforeEach(() => env.clipboard.writeText('what was there before'));

    const copied = async (argument: unknown, rows?: readonly TreeNode[]) => {
      await commands.executeCommand('awsMfa.copy', argument, rows);
      return env.clipboard.readText();
    };

    it('puts a user’s ARN on the clipboard, with its path', async () => {
      assert.equal(await copied({ userName: 'ines' }), userArn('contractors/ines'));
      assert.equal(await copied(small.row('user', 'maya')), userArn('maya'));
    });

    it('puts a device’s serial number on the clipboard', async () => {
      assert.equal(await copied(small.row('device', `priya/${serialOf('priya-tablet')}`)), serialOf('priya-tablet'));
      assert.equal(await copied(small.row('device', 'elena/GAHT40718293')), 'GAHT40718293');
      assert.equal(await copied({ userName: 'noah', serial: await passkeyOf('noah') }), await passkeyOf('noah'));
    });

    it('puts a line for each selected row there, the clicked one first', async () => {
      const rows = () => [
        small.row('user', 'maya'),
        small.row('device', `priya/${serialOf('priya')}`),
        small.row('unfinished', `unfinished/${serialOf('sam')}`),
        small.row('user', 'theo'),
      ];
      const text = await copied(rows()[2], rows());
      assert.deepEqual(text.split('\n'), [serialOf('sam'), userArn('maya'), serialOf('priya'), userArn('theo')]);
    });

    it('takes the clicked row alone where it is not among the selected ones', async () => {
      assert.equal(await copied(small.row('user', 'maya'), [small.row('user', 'theo')]), userArn('maya'));
    });

    it('leaves the clipboard alone where there is nothing to copy', async () => {
      assert.equal(await copied({ userName: 'nobody-of-that-name' }), 'what was there before');
    });
  });

  describe('a row that the editor lost', () => {
    it('is not asked for again: it was another one that was meant', async () => {
      // A question would stay open, and the command with it.
      await commands.executeCommand('awsMfa.enableMfa', undefined, undefined);
      await commands.executeCommand('awsMfa.resetMfa', null, undefined);
      await untilPanels();
    });
  });

  describe('a panel', () => {
    it('opens for another device of a user who has some, and makes one of a free name', async () => {
      const before = await devicesOf('priya');
      await commands.executeCommand('awsMfa.addDevice', { userName: 'priya' });
      await untilPanels('Add an MFA device for priya');
      await untilUnassigned('priya-2', 'sam');
      await commands.executeCommand('awsMfa.addDevice', { userName: 'priya' });
      await commands.executeCommand('awsMfa.enableMfa', small.row('user', 'priya'));
      await commands.executeCommand('awsMfa.enableMfa', { userName: 'maya' });
      await untilPanels('Add an MFA device for priya', 'Enable MFA for maya');
      await closePanels();
      await untilUnassigned('sam');
      assert.deepEqual(await devicesOf('priya'), before, 'and she has what she had');
    });

    it('opens for a hardware token, which needs no virtual device', async () => {
      await commands.executeCommand('awsMfa.enableToken', { userName: 'theo' });
      await untilPanels('Enable MFA for theo');
      // Asked for later, and there: one of theo's would be there too.
      await commands.executeCommand('awsMfa.enableMfa', { userName: 'maya' });
      await untilUnassigned('maya', 'sam');
      await untilPanels('Enable MFA for maya', 'Enable MFA for theo');
    });

    it('opens to resync a device that is named, once for each', async () => {
      const marcus = { userName: 'marcus', serial: serialOf('marcus') };
      await commands.executeCommand('awsMfa.resyncDevice', marcus);
      await commands.executeCommand('awsMfa.resyncDevice', marcus);
      await commands.executeCommand('awsMfa.resyncDevice', small.row('device', 'elena/GAHT40718293'));
      await untilPanels('Resync GAHT40718293 of elena', 'Resync marcus of marcus');
      assert.deepEqual(await unassigned(), ['sam'], 'a resync makes nothing');
    });

    it('opens to resync the only device of a user that shows codes', async () => {
      await commands.executeCommand('awsMfa.resyncDevice', { userName: 'ines' });
      await untilPanels('Resync ines of ines');
    });

    it('opens to replace a device, which stays until there is another', async () => {
      await commands.executeCommand('awsMfa.replaceDevice', { userName: 'marcus', serial: serialOf('marcus') });
      await untilPanels('Replace marcus of marcus');
      await untilUnassigned('marcus-2', 'sam');
      await closePanels();
      await untilUnassigned('sam');
      assert.deepEqual(await devicesOf('marcus'), [serialOf('marcus')]);
    });

    it('of several leaves no unassigned device when all are closed at once', async () => {
      await commands.executeCommand('awsMfa.enableMfa', { userName: 'maya' });
      await commands.executeCommand('awsMfa.addDevice', { userName: 'priya' });
      await commands.executeCommand('awsMfa.replaceDevice', { userName: 'marcus', serial: serialOf('marcus') });
      await commands.executeCommand('awsMfa.resyncDevice', { userName: 'marcus', serial: serialOf('marcus') });
      await untilPanels(
        'Add an MFA device for priya',
        'Enable MFA for maya',
        'Replace marcus of marcus',
        'Resync marcus of marcus',
      );
      await untilUnassigned('marcus-2', 'maya', 'priya-2', 'sam');
      await closePanels();
      await untilUnassigned('sam');
    });

    it('that is closed as soon as it is there leaves none either', async () => {
      await commands.executeCommand('awsMfa.addDevice', { userName: 'elena' });
      await untilPanels('Add an MFA device for elena');
      await closePanels();
      await untilUnassigned('sam');
    });
  });

  describe('no panel opens, and it is said why,', () => {
    /** Panels open in turn: when this one is there, one that was asked for before would be there too. */
    async function noPanelOpened(): Promise<void> {
      await commands.executeCommand('awsMfa.resyncDevice', { userName: 'marcus', serial: serialOf('marcus') });
      await untilPanels('Resync marcus of marcus');
    }

    it('to resync a passkey, which shows no codes', async () => {
      for (const [userName, name] of [
        ['noah', 'laptop'],
        // Hers is not in the list of virtual devices, which is all that may have been read of her.
        ['priya', 'work-key'],
      ] as const) {
        const passkey = { userName, serial: await passkeyOf(userName) };
        await commands.executeCommand('awsMfa.refresh');
        assert.deepEqual(await told(() => commands.executeCommand('awsMfa.resyncDevice', passkey)), [
          `${name} shows no codes, so there is nothing to resync.`,
        ]);
      }
      await noPanelOpened();
    });

    it('to resync a device of someone who has passkeys alone', async () => {
      assert.deepEqual(await told(() => commands.executeCommand('awsMfa.resyncDevice', { userName: 'noah' })), [
        'noah has no device that this is for.',
      ]);
      await noPanelOpened();
    });

    it('for a device that the user does not have', async () => {
      for (const command of ['resyncDevice', 'replaceDevice', 'removeDevice', 'labelDevice']) {
        const gone = { userName: 'elena', serial: serialOf('priya') };
        assert.deepEqual(
          await told(() => commands.executeCommand(`awsMfa.${command}`, gone)),
          ['elena does not have this device any more. Nothing was changed.'],
          command,
        );
      }
      await noPanelOpened();
    });

    it('for a device of a user who has none', async () => {
      for (const command of ['resyncDevice', 'replaceDevice', 'removeDevice', 'resetMfa', 'labelDevice']) {
        assert.deepEqual(
          await told(() => commands.executeCommand(`awsMfa.${command}`, { userName: 'maya' })),
          ['maya has no MFA device.'],
          command,
        );
      }
      await noPanelOpened();
    });

    it('for a user who is not there', async () => {
      for (const command of [
        'enableMfa',
        'addDevice',
        'enableToken',
        'registerPasskey',
        'replaceDevice',
        'resyncDevice',
        'removeDevice',
        'resetMfa',
        'labelDevice',
      ]) {
        const nobody = { userName: 'nobody', serial: serialOf('sam') };
        assert.deepEqual(
          await told(() => commands.executeCommand(`awsMfa.${command}`, nobody)),
          ['There is no user nobody in this account.'],
          command,
        );
      }
      await noPanelOpened();
    });
  });
});
