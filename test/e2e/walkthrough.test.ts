import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { runCommand } from '../../scripts/host/workbench.mjs';
import { otherTotp } from '../otherTotp';
import {
  commandAndPick,
  EnrolmentPage,
  picture,
  row,
  selectRow,
  selectRowUntil,
  showUsers,
  soon,
  statusSays,
} from './hands';
import { Stage, until, type Theme } from './stage';
import { areTicked, isTicked, stepOf, untilTicked } from './tourPage';

/** The first minutes of somebody who has never heard of MFA, from the empty view on. */
describe('the walkthrough', () => {
  let stage: Stage;
  let page: Page;

  before(async () => {
    stage = await Stage.start();
    page = await stage.open();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') {
      await stage.closeWindows(this.currentTest);
    }
  });
  after(() => stage.end());

  const step = (title: string): Locator => stepOf(page, title);
  const ticked = (title: string): Promise<void> => untilTicked(page, title);
  const back = async (): Promise<void> => {
    await page.locator('.tab').filter({ hasText: 'Welcome' }).first().click();
    await step('Choose an account').waitFor();
  };

  it('opens from the empty view, and its first step opens the practice account', async () => {
    await showUsers(page);
    await page.locator('.sidebar').getByRole('button', { name: 'Take the Tour' }).click();
    await step('Choose an account').waitFor();
    // Wide enough for the picture of the step to stand beside it.
    await page.setViewportSize({ width: 1600, height: 1000 });
    for (const theme of ['light', 'dark', 'high-contrast', 'high-contrast-light'] satisfies Theme[]) {
      await stage.wear(theme);
      await picture(page, `walkthrough-${theme}`);
    }
    await stage.wear('dark');
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.locator('.getting-started-step').getByRole('button', { name: 'Open Practice Account' }).click();
    await statusSays(page, /5 without MFA/);
    await ticked('Choose an account');
  });

  it('is ticked by what a person does', async () => {
    // Until it is known what jordan has, the row stands elsewhere.
    await row(page, /^Can sign in without MFA/).waitFor();
    await selectRowUntil(page, /^jordan/, /^maya/, () => areTicked(page, 'See who has no MFA', 'Find yourself'));

    const first = await EnrolmentPage.fromRow(stage, page, /^jordan/, 'Enable MFA…');
    const seed = await first.scan();
    await first.type(await otherTotp(seed, Date.now()), '');
    await first.says('Code 1 is right');
    await back();
    await ticked('Get an authenticator app');
    await ticked('Scan the QR code');
    await picture(page, 'walkthrough-half-dark');

    await commandAndPick(page, 'AWS MFA: Enable MFA…', 'jordan');
    const again = await EnrolmentPage.saying(stage, page, 'Enable MFA for jordan');
    await again.enable(seed);
    await again.says('MFA is on for jordan');
    await back();
    await ticked('Enter two codes');

    await commandAndPick(page, 'AWS MFA: Add MFA Device…', 'jordan');
    const second = await EnrolmentPage.saying(stage, page, 'First, a code of a device you have');
    await second.button('Show a Practice Phone').click();
    // Each code works once, and one of a device that is just on not at once: each that the phone shows is tried once.
    const phone = second.frame.getByRole('region', { name: 'No phone at hand?' });
    const tried = new Set<string | undefined>();
    await until(
      'a code to be taken',
      async () => {
        if (await second.qr.isVisible()) {
          return true;
        }
        const [code] = /\d{3} \d{3}/.exec(await phone.innerText({ timeout: 1000 }).catch(() => '')) ?? [];
        if (code !== undefined && !tried.has(code)) {
          tried.add(code);
          await second.button('Type This Code').click();
          // A code that is whole may have gone out by itself.
          await second
            .button('Continue')
            .click({ timeout: 1000 })
            .catch(() => undefined);
        }
        return false;
      },
      120_000,
    );
    await second.enable(await second.scan());
    await second.says('MFA is on for jordan');
    await back();
    await ticked('Sign in with a code');
    await ticked('Add a second device');
    await runCommand(page, 'View: Close All Editors');
  });
});

describe('the walkthrough, opened late', () => {
  it('has ticked what was done before, and nothing else', async function () {
    const stage = await Stage.start({ account: 'practice' });
    try {
      const page = await stage.open();
      await statusSays(page, /5 without MFA/);
      await showUsers(page);
      await row(page, /^Can sign in without MFA/).waitFor({ timeout: 60_000 });
      // Of a row that is drawn anew as it is selected, the editor tells nobody: then all of it once more, in this order.
      await until('what was done before to be ticked', async () => {
        await selectRow(page, /^jordan/);
        await commandAndPick(page, 'Welcome: Open Walkthrough...', 'Secure your AWS account with MFA');
        if (await soon(() => areTicked(page, 'Choose an account', 'See who has no MFA', 'Find yourself'), 10_000)) {
          return true;
        }
        await runCommand(page, 'View: Close All Editors');
        await selectRow(page, /^maya/);
        return false;
      });
      assert.equal(await isTicked(page, 'Scan the QR code'), false);
      await stage.closeWindows(this.test as Mocha.Test);
    } finally {
      await stage.end();
    }
  });
});
