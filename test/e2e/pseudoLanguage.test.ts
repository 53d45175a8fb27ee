import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { runCommand } from '../../scripts/host/workbench.mjs';
import { otherTotp } from '../otherTotp';
import {
  answer,
  commandAndPick,
  cutOff,
  EnrolmentPage,
  enterUntil,
  escape,
  hoverUntil,
  modal,
  picture,
  row,
  statusItem,
  statusSays,
  topBox,
  typeInBox,
} from './hands';
import { installInPseudo, notTranslated, pseudo, pseudoLanguage } from './pseudo';
import { root, Stage, until } from './stage';

const titles = JSON.parse(readFileSync(path.join(root, 'package.nls.json'), 'utf8')) as Readonly<
  Record<string, string>
>;
const title = (key: string) => pseudo(titles[key] ?? assert.fail(key));
const command = (key: string) => `${title('category')}: ${title(`command.${key}`)}`;

/** Names and addresses of the practice account, and of authenticator apps: nobody translates them. */
const names =
  /\b(broken|us-east-1|https?:\/\/\S+|acme-practice|jordan|maya|marcus|priya-tablet|priya|theo|noah|elena|ines|sam|deploy-bot|work-key|laptop|GAHT\d+|arn:aws\S*|Amazon Web Services\S*|Google|Microsoft|Authenticator|Bitwarden|Duo Mobile|Duo|1Password|AWS|MFA|[A-Z][a-z]{2}\s\d{1,2},\s\d{4})\b/g;

/** What the editor itself adds to a question: its own words stay English here. */
const ofTheEditor = /\(Press 'Enter' to confirm or 'Escape' to cancel\)/g;

/** Every state in a language that nobody speaks. What is not in it was forgotten. */
describe('in a language that nobody speaks', () => {
  let folder: string;
  let stage: Stage;
  let page: Page;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'mfa-pseudo-'));
    await installInPseudo(folder);
    stage = await Stage.start({
      extensionsDir: path.join(folder, 'extensions'),
      // Nobody listens there.
      profiles: {
        broken: { endpoint: 'http://127.0.0.1:9', accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'none' },
      },
    });
    page = await stage.open(undefined, undefined, pseudoLanguage);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') {
      await stage.closeWindows(this.currentTest);
    }
  });
  after(async () => {
    await stage.end();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What is left to be translated of what is on screen. */
  const english = async (...places: readonly Locator[]): Promise<readonly string[]> => {
    const texts = (await Promise.all(places.map((place) => place.allInnerTexts()))).flat();
    assert.ok(
      texts.some((text) => text.includes('⟦')),
      `there is something to read: ${texts.join('\n')}`,
    );
    return texts
      .flatMap((text) => notTranslated(text).replace(ofTheEditor, '').replace(names, '').split('\n'))
      .map((line) => line.trim())
      .filter((line) => /[a-z]{3}/i.test(line));
  };
  const rows = () => page.locator('.sidebar .monaco-list-row');
  const quickRows = () => page.locator('.quick-input-list .monaco-list-row:visible');
  const ask = async (key: string) => {
    await runCommand(page, command(key));
    await quickRows().first().waitFor();
  };

  /** Runs a command and chooses whom or what it is about. */
  const askAbout = (key: string, name: string) => commandAndPick(page, command(key), name);

  /** All of it is translated, and nothing is cut off where it is narrow. */
  const lookAtPanel = async (panel: EnrolmentPage, state: string) => {
    await picture(page, `pseudo-${state}`);
    assert.deepEqual(await english(panel.frame.locator('body')), [], state);
    await page.setViewportSize({ width: 640, height: 900 });
    await picture(page, `pseudo-${state}-narrow`);
    assert.deepEqual(await cutOff(panel.frame), [], `${state}, narrow`);
    await page.setViewportSize({ width: 1280, height: 900 });
  };

  it('the empty view and the list of accounts', async () => {
    const tab = page.locator('.activitybar .action-item').filter({ has: page.locator('[aria-label^="⟦"]') });
    await tab.first().click({ timeout: 60_000 });
    const welcome = page.locator('.sidebar .welcome-view');
    await welcome.getByText(/⟦/).first().waitFor();
    await picture(page, 'pseudo-welcome');
    assert.deepEqual(await english(welcome), []);
    await ask('addAccount');
    await picture(page, 'pseudo-accounts');
    assert.deepEqual(await english(quickRows()), []);
    await escape(page);
  });

  it('the rows, the status bar and what it tells', async () => {
    await runCommand(page, command('openPracticeAccount'));
    await statusSays(page, /⟦.*5/);
    await row(page, /^jordan/).waitFor();
    for (const group of await page.locator('.sidebar [role=treeitem][aria-expanded=false]').all()) {
      await group.click();
    }
    await picture(page, 'pseudo-rows');
    assert.deepEqual(await english(rows(), statusItem(page)), []);
    const hover = page.locator('.monaco-hover:visible');
    await hoverUntil(page, row(page, /^maya/), hover.getByText(/⟦/).first());
    await picture(page, 'pseudo-tooltip');
    assert.deepEqual(await english(hover), []);
    await page.mouse.move(700, 400);
  });

  it('what is asked where a command does not know enough', async () => {
    for (const key of [
      'enableMfa',
      'sortUsers',
      'groupUsers',
      'goToUser',
      'removeDevice',
      'resetMfa',
      'deleteLeftovers',
    ]) {
      await ask(key);
      const asked = page.locator('.quick-input-widget');
      await picture(page, `pseudo-ask-${key}`);
      assert.deepEqual(await english(quickRows(), asked.locator('.quick-input-title')), [], key);
      await escape(page);
    }
    await runCommand(page, command('filterUsers'));
    const box = page.locator('.quick-input-widget');
    await box.locator('.quick-input-message').getByText(/⟦/).waitFor();
    await typeInBox(page, '@hasMfa');
    await page.locator('.sidebar .message').getByText(/⟦/).waitFor();
    await picture(page, 'pseudo-filter');
    assert.deepEqual(await english(page.locator('.sidebar .message'), rows()), []);
    await escape(page);
  });

  it('the question before something is taken away', async () => {
    await askAbout('removeDevice', 'marcus');
    // Of one device, which is chosen at once; of several, one is chosen.
    const dialog = modal(page);
    await until('the question', async () => {
      if (await dialog.isVisible()) {
        return true;
      }
      await quickRows()
        .first()
        .click({ timeout: 1000 })
        .catch(() => undefined);
      return false;
    });
    await picture(page, 'pseudo-remove');
    assert.deepEqual(await english(dialog.locator('.dialog-message-row')), []);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });

  it('the panel from the QR code to the end, wide and narrow', async () => {
    await askAbout('enableMfa', 'jordan');
    const panel = await EnrolmentPage.inFront(stage, page);
    await panel.says(pseudo('Scan this QR code'));
    const seed = await panel.scan(undefined, panel.frame.locator('img.qr'));
    const look = (state: string) => lookAtPanel(panel, state);
    await look('scan');
    const boxes = panel.frame.locator('input[autocomplete="one-time-code"]');
    const type = async (one: string, two: string) => {
      await boxes.nth(0).fill(one);
      await boxes.nth(1).fill(two);
    };
    const now = Date.now();
    const [before, present] = [await otherTotp(seed, now - 30_000), await otherTotp(seed, now)];
    await type(present, before);
    await look('reversed');
    await type('000000', '000000');
    await look('wrong');
    await type(before, present);
    await panel.frame.getByText(pseudo('Both codes are right.')).first().waitFor();
    await panel.button(pseudo('Enable MFA')).click();
    await panel.says(pseudo('MFA is on for {0}').replace('{0}', 'jordan'));
    await statusSays(page, /⟦.*4/);
    await look('done');
  });

  it('a second device: the code that proves who asks, refused', async () => {
    await askAbout('addDevice', 'jordan');
    const panel = await EnrolmentPage.saying(stage, page, pseudo('First, a code of a device you have'));
    await lookAtPanel(panel, 'prove');
    await panel.frame.locator('input[autocomplete="one-time-code"]').first().fill('000000');
    await panel.button(pseudo('Continue')).click();
    await panel.says(pseudo('AWS did not take this code.'));
    await lookAtPanel(panel, 'prove-refused');
  });

  it('a token, and a phone that has drifted, refused', async () => {
    await askAbout('enableToken', 'maya');
    const token = await EnrolmentPage.saying(stage, page, pseudo('Serial number'));
    await lookAtPanel(token, 'token');
    await askAbout('resyncDevice', 'marcus');
    const title = pseudo('Resync {0} of {1}').replace('{0}', 'marcus').replace('{1}', 'marcus');
    const panel = await EnrolmentPage.saying(stage, page, title);
    const boxes = panel.frame.locator('input[autocomplete="one-time-code"]');
    await boxes.nth(0).fill('123456');
    await boxes.nth(1).fill('654321');
    await lookAtPanel(panel, 'resync');
    await panel.button(pseudo('Resync')).click();
    await panel.says(pseudo('AWS did not accept these two codes for a resync.'));
    await lookAtPanel(panel, 'resync-refused');
  });

  it('someone who lost everything, from the question to the instructions', async () => {
    await askAbout('resetMfa', 'priya');
    const box = page.locator('.quick-input-widget');
    await box.getByText('work-key').waitFor();
    await picture(page, 'pseudo-reset-choice');
    assert.deepEqual(await english(quickRows(), box.locator('.quick-input-title')), []);
    await enterUntil(page, 'the question', modal(page));
    await picture(page, 'pseudo-reset');
    assert.deepEqual(await english(modal(page).locator('.dialog-message-row')), []);
    await answer(page, pseudo('Go On…'));
    await box.locator('.quick-input-message').getByText(/⟦/).waitFor();
    await picture(page, 'pseudo-reset-name');
    assert.deepEqual(await english(box.locator('.quick-input-message'), box.locator('.quick-input-title')), []);
    await typeInBox(page, 'priya');
    await topBox(page).press('Enter');
    const told = page.locator('.notifications-toasts .notification-list-item');
    await told.getByText(/⟦/).first().waitFor();
    const editor = page.locator('.monaco-editor .view-lines').first();
    await editor.getByText(/⟦/).first().waitFor();
    await picture(page, 'pseudo-reset-instructions');
    assert.deepEqual(await english(told.locator('.notification-list-item-message'), editor), []);
  });

  it('what will work, and an account that could not be read beside one that could', async () => {
    await ask('showPermissions');
    const box = page.locator('.quick-input-widget');
    await quickRows()
      .filter({ hasText: pseudo('works') })
      .first()
      .waitFor({ timeout: 60_000 });
    await picture(page, 'pseudo-permissions');
    assert.deepEqual(await english(quickRows(), box.locator('.quick-input-title')), []);
    await escape(page);

    await askAbout('addAccount', 'broken');
    await row(page, /broken.*⟦/)
      .first()
      .waitFor({ timeout: 60_000 });
    await until('what is wrong', async () => {
      const texts = await rows().allInnerTexts();
      return texts.some((text) => text.includes('127.0.0.1'));
    });
    await picture(page, 'pseudo-broken');
    assert.deepEqual(await english(rows(), statusItem(page)), []);
    const hover = page.locator('.monaco-hover:visible');
    await hoverUntil(page, statusItem(page), hover.getByText(/⟦/).first());
    await picture(page, 'pseudo-status');
    assert.deepEqual(await english(hover), []);
  });
});
