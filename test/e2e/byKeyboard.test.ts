import assert from 'node:assert/strict';
import { type PracticeAccount, startPracticeAccount } from '../../src/practice/server';
import { codeAt, EnrolmentPage, statusSays } from './hands';
import { Stage, until, Wire } from './stage';

describe('the whole job by keyboard alone', () => {
  let practice: PracticeAccount;
  let stage: Stage;

  before(async () => {
    practice = await startPracticeAccount();
    stage = await Stage.start({
      profiles: { keeper: { endpoint: practice.endpoint, ...practice.caller('keeper') } },
    });
  });

  afterEach(async function () {
    await stage.closeWindows(this.currentTest);
  });

  after(async () => {
    await stage.end();
    await practice.stop();
  });

  it('from an empty window to a verified device', async () => {
    const page = await stage.open();
    const { keyboard } = page;
    const rows = page.locator('.quick-input-list .monaco-list-row');
    /** Runs a command by its title; its row must be there before Enter. */
    const command = async (title: string) => {
      await until(`the command ${title}`, async () => {
        await keyboard.press('F1');
        await keyboard.type(title);
        const listed = await rows
          .first()
          .filter({ hasText: title })
          .waitFor({ timeout: 3000 })
          .then(
            () => true,
            () => false,
          );
        if (!listed) {
          await keyboard.press('Escape');
        }
        return listed;
      });
      await keyboard.press('Enter');
    };

    await command('AWS MFA: Choose Account…');
    await rows.filter({ hasText: 'keeper' }).waitFor();
    await keyboard.type('keeper');
    await keyboard.press('Enter');
    await statusSays(page, /5 without MFA/);

    await command('AWS MFA: Enable MFA…');
    await rows.filter({ hasText: 'maya' }).waitFor();
    await keyboard.type('maya');
    await rows.first().filter({ hasText: 'maya' }).waitFor();
    await keyboard.press('Enter');

    const panel = await EnrolmentPage.inFront(stage, page);
    const seed = await panel.scan();
    // The cursor is where the first code goes; six digits take it to the second.
    await panel.frame.locator('#code1:focus').waitFor();
    const now = Date.now();
    await keyboard.type(await codeAt(seed, now - 30_000));
    await keyboard.type(await codeAt(seed, now));
    await panel.says('Both codes are right.');
    await keyboard.press('Enter');
    await panel.says('MFA is on for maya');
    await statusSays(page, /4 without MFA/);
    const wire = new Wire({ endpoint: practice.endpoint, ...practice.caller('admin-role') });
    assert.deepEqual(await wire.devices('maya'), [`arn:aws:iam::${practice.accountId}:mfa/maya`]);
  });
});
