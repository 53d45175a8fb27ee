import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import jsQR from 'jsqr';
import type { Frame, Locator, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { otherTotp } from '../otherTotp';
import { quickPick, runCommand, webviewFrame } from '../../scripts/host/workbench.mjs';
import type { PracticeAccount } from '../../src/practice/server';
import { root, until, type Keys, type Stage } from './stage';

/** Pictures of every state, to be looked at. */
export const pictures = path.join(root, 'test-results', 'pictures');

export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: path.join(pictures, `${name}.png`) });
}

export function row(page: Page, name: RegExp | string): Locator {
  return page.getByRole('treeitem', { name });
}

/** How a row is told what to do. */
export interface OnRow {
  /** Whether what comes next is there. Without it, there is a second for the row to be told lost. */
  readonly next?: Look;
  /** What is said in the editor's language where the row was lost over it. */
  readonly lost?: string;
}

type Look = () => Promise<boolean> | boolean;

/** Presses a button that a row shows while the mouse is over it. Rows may be drawn anew meanwhile. */
export async function pressOnRow(page: Page, name: RegExp, button: string, how: OnRow = {}): Promise<void> {
  await row(page, name).waitFor({ timeout: 60_000 });
  await until(`${button} on ${name.source}`, async () => {
    await page.mouse.move(0, 0);
    await row(page, name)
      .hover({ timeout: 2000 })
      .catch(() => undefined);
    return (await clicked(page, row(page, name), button)) && !(await toldToChooseAgain(page, how));
  });
}

/**
 * Clicks a button of a row. @returns false where it was not the button that took the click: one that is drawn anew between
 * pressing and letting go takes none, and its row neither
 */
async function clicked(page: Page, of: Locator, button: string): Promise<boolean> {
  await page.evaluate(`{
    window.clickedLast = undefined;
    const note = ({ target }) => (window.clickedLast = target.closest('[role=button]')?.getAttribute('aria-label') ?? undefined);
    addEventListener('click', note, { capture: true, once: true });
  }`);
  const click = of.getByRole('button', { name: button }).click({ timeout: 2000 });
  return click.then(
    async () => String(await page.evaluate('window.clickedLast')).includes(button),
    () => false,
  );
}

/** Chooses from the row's context menu. The editor takes no click on a menu that has only just opened. */
export async function chooseOnRow(page: Page, name: RegExp, item: string, how: OnRow = {}): Promise<void> {
  const choice = page.getByRole('menuitem', { name: item });
  await until(`${item} on ${name.source}`, async () => {
    await until(`the menu of ${name.source}`, async () => {
      // What another row has to say may lie over this one.
      await page.mouse.move(0, 0);
      await row(page, name)
        .click({ button: 'right', timeout: 2000 })
        .catch(() => undefined);
      return isShown(choice, 1000);
    });
    // A menu may also go because the rows below it are drawn anew.
    const { isChosen } = await until(`${item} to be taken`, async () => {
      const isChosen = await clickedOn(choice);
      return (await isGone(choice, 2000)) && { isChosen };
    });
    return isChosen && !(await toldToChooseAgain(page, how));
  });
}

/** Clicks what may go away meanwhile. @returns whether it took the click */
export function clickedOn(what: Locator): Promise<boolean> {
  return what.click({ timeout: 2000 }).then(
    () => true,
    () => false,
  );
}

/** What is said where rows were drawn anew under the pointer. */
export const rowLost =
  'The list was being drawn anew at that moment, and the row you meant was lost. Nothing was done: choose again.';

/** Does as it is told when the rows were drawn anew under the pointer. */
async function toldToChooseAgain(page: Page, how: OnRow): Promise<boolean> {
  const isLost = await isRowLost(page, how);
  if (isLost) {
    await runCommand(page, 'Notifications: Clear All Notifications');
    await toast(page, how.lost ?? rowLost).waitFor({ state: 'hidden' });
  }
  return isLost;
}

/** Which is there first: what comes next, or that the row was lost. */
export async function isRowLost(page: Page, { next, lost = rowLost }: OnRow): Promise<boolean> {
  const words = toast(page, lost);
  if (!next) {
    return isShown(words, 1000);
  }
  const { isLost } = await until('what comes next, or that the row was lost', async () =>
    (await next()) ? { isLost: false } : (await words.isVisible()) && { isLost: true },
  );
  return isLost;
}

/** Clicks a row until it is the one that is selected: rows may be drawn anew meanwhile. */
export async function selectRow(page: Page, name: RegExp): Promise<void> {
  await until(
    `${name.source} to be selected`,
    async () => (await clickedOn(row(page, name))) && (await attributeOf(row(page, name), 'aria-selected')) === 'true',
  );
}

/**
 * Selects a row until what follows is there. Of a row that is drawn anew as it is selected, the editor tells nobody: it tells when
 * another one was selected meanwhile.
 */
export async function selectRowUntil(page: Page, name: RegExp, other: RegExp, next: Look): Promise<void> {
  await until(`what follows from ${name.source} being selected`, async () => {
    await selectRow(page, name);
    if (await soon(next)) {
      return true;
    }
    await selectRow(page, other);
    return false;
  });
}

/** @returns whether it is so within so many milliseconds */
export function soon(look: Look, patience = 2000): Promise<boolean> {
  return until('what comes soon', look, patience).catch(() => false);
}

/** An attribute of what may be drawn anew meanwhile. */
export function attributeOf(what: Locator, name: string): Promise<string | null | undefined> {
  return what.getAttribute(name, { timeout: 1000 }).catch(() => undefined);
}

/** Presses a button above the rows until what follows is there: they are made anew as reading begins and ends. */
export async function pressInTitle(page: Page, name: string, next: Look): Promise<void> {
  const buttons = page.locator('.sidebar .pane-header, .sidebar .title').getByRole('button', { name, exact: true });
  await until(`what follows ${name}`, async () => {
    await page.mouse.move(200, 60);
    await clickedOn(buttons.first());
    return soon(next);
  });
}

/** Holds the mouse over something until it shows what it has to show: it may be drawn anew meanwhile. */
export async function hoverUntil(page: Page, over: Locator, shown: Locator): Promise<void> {
  await until(`what ${String(over)} shows`, async () => {
    await page.mouse.move(0, 0);
    await over.hover({ timeout: 2000 }).catch(() => undefined);
    return isShown(shown, 5000);
  });
}

/** Opens a row, so that what is below it can be seen. */
export async function openRow(page: Page, name: RegExp, below: RegExp): Promise<void> {
  await row(page, name).waitFor({ timeout: 60_000 });
  await until(`what is below ${name.source}`, async () => {
    if (await row(page, below).first().isVisible()) {
      return true;
    }
    if ((await attributeOf(row(page, name), 'aria-expanded')) === 'false') {
      await clickedOn(row(page, name));
    }
    return false;
  });
}

/** Keys of one of the people of the account, whose policies forbid nothing. */
export function keysOf(practice: PracticeAccount, userName: string): Keys {
  const identity = { kind: 'user', userName } as const;
  const caller = practice.addCaller({ name: userName, identity, permissions: 'everything' });
  return { endpoint: practice.endpoint, ...caller };
}

/** The question that stands before everything else. */
export function modal(page: Page): Locator {
  return page.locator('.monaco-dialog-box');
}

/** Answers the question that stands before everything else. */
export async function answer(page: Page, button: string): Promise<void> {
  await modal(page).getByRole('button', { name: button, exact: true }).click();
  await modal(page).waitFor({ state: 'hidden' });
}

/** A notification that says it. */
export function toast(page: Page, words: RegExp | string): Locator {
  return page.locator('.notifications-toasts').getByText(words).first();
}

/** Waits until a notification says it. */
export async function told(page: Page, words: RegExp): Promise<void> {
  await toast(page, words).waitFor({ timeout: 60_000 });
}

export async function showUsers(page: Page): Promise<void> {
  const tab = page.locator('.activitybar .action-item').filter({ has: page.locator('[aria-label^="AWS MFA"]') });
  await tab.first().waitFor({ timeout: 60_000 });
  // Of the side bar of last time, which may be there a moment late, a click on its tab makes an end.
  const title = page
    .locator('.sidebar .composite.title')
    .getByText(/^AWS MFA: /)
    .first();
  await until(
    'the users',
    async () => (await title.isVisible()) || ((await clickedOn(tab.first())) && soon(() => title.isVisible(), 5000)),
  );
}

/**
 * Runs a command and picks from the list that it opens. As the palette closes, the editor gives a page that had the focus the
 * focus back, a moment later: a list that is there by then closes again, and a person runs the command once more.
 */
export async function commandAndPick(page: Page, command: string, text: string | RegExp): Promise<void> {
  await until(`${command}: ${String(text)}`, async () => {
    await runCommand(page, command);
    return quickPick(page, text, 5000).then(
      () => true,
      () => false,
    );
  });
}

/**
 * Presses Enter in the list that is open, until what comes next is there. A page that had the focus may take it back from a list
 * that stays open, and the key with it.
 */
export async function enterUntil(page: Page, what: string, next: Locator): Promise<void> {
  await until(what, async () => {
    if (await next.isVisible()) {
      return true;
    }
    await topBox(page)
      .press('Enter', { timeout: 1000 })
      .catch(() => undefined);
    return isShown(next, 2000);
  });
}

/** Closes the list or box that is open, as a person does who wants none of it. */
export async function escape(page: Page): Promise<void> {
  await until('the box to be closed', async () => {
    await topBox(page)
      .press('Escape', { timeout: 1000 })
      .catch(() => undefined);
    return isGone(page.locator('.quick-input-widget'), 2000);
  });
}

/** Types into the box that is open, until it holds the text: one that has only just opened may lose the first keys. */
export async function typeInBox(page: Page, text: string): Promise<void> {
  await until(`${text} in the box`, async () => {
    // A page that had the focus may take it back: pressed on the box, the key brings it the focus again.
    await topBox(page)
      .press('Control+A', { timeout: 1000 })
      .catch(() => undefined);
    await page.keyboard.type(text);
    return (await valueOf(topBox(page))) === text;
  });
}

/** What stands in a box that may close meanwhile. */
export function valueOf(box: Locator): Promise<string | undefined> {
  return box.inputValue({ timeout: 1000 }).catch(() => undefined);
}

/** Where one types, of the list or box at the top of the window. */
export function topBox(page: Page): Locator {
  return page.locator('.quick-input-widget:visible input[type="text"]').first();
}

/** @returns whether it is there within so many milliseconds */
export function isShown(what: Locator, timeout: number): Promise<boolean> {
  return what.waitFor({ timeout }).then(
    () => true,
    () => false,
  );
}

/** @returns whether it has gone within so many milliseconds */
export function isGone(what: Locator, timeout: number): Promise<boolean> {
  return what.waitFor({ state: 'hidden', timeout }).then(
    () => true,
    () => false,
  );
}

/** Opens the account of a profile and no other. */
export async function openAlone(page: Page, profile: string): Promise<void> {
  const welcome = page.locator('.sidebar').getByRole('button', { name: 'Open Practice Account' });
  const rows = page.locator('.sidebar .customview-tree .monaco-list-row');
  await until('the view', async () => (await welcome.isVisible()) || (await rows.count()) > 0);
  if (!(await welcome.isVisible())) {
    await runCommand(page, 'AWS MFA: Remove Account from View');
    await welcome.waitFor();
  }
  await runCommand(page, 'AWS MFA: Add Account…');
  await quickPick(page, profile);
}

export function statusItem(page: Page): Locator {
  return page.locator('.statusbar-item[id="mfa-for-aws-iam.mfa-for-aws-iam.status"]');
}

/** What the status bar says, once it says what is looked for. */
export async function statusSays(page: Page, words: RegExp): Promise<void> {
  await statusItem(page).filter({ hasText: words }).waitFor({ timeout: 60_000 });
}

/** Texts of the page that are wider than the place they have; those for screen readers alone have a dot of it. */
export function cutOff(frame: Frame): Promise<readonly string[]> {
  return frame.evaluate<readonly string[]>(`
    [document.documentElement, ...document.querySelectorAll('#page *')]
      .filter((element) => element.textContent.trim() !== '' && element.checkVisibility() && getComputedStyle(element).overflowX !== 'auto')
      .filter(({ scrollWidth, clientWidth }) => clientWidth > 1 && scrollWidth > clientWidth + 1)
      .map((element) => element.tagName + '.' + element.className + ': ' + element.textContent.slice(0, 80))
  `);
}

/** The panel *Enable MFA for …* that is in front. */
export class EnrolmentPage {
  private constructor(
    private readonly stage: Stage,
    readonly page: Page,
    readonly frame: Frame,
  ) {}

  static async inFront(stage: Stage, page: Page): Promise<EnrolmentPage> {
    const frame = await webviewFrame(page, { containing: '#page h1', timeout: 60_000 });
    return new EnrolmentPage(stage, page, frame);
  }

  /** As `inFront`, where another panel may be in front still: waits for the one that says it. */
  static saying(stage: Stage, page: Page, words: string | RegExp): Promise<EnrolmentPage> {
    return until(`a panel in front that says ${String(words)}`, async () => {
      const front = await EnrolmentPage.inFront(stage, page);
      const said = await front.frame
        .getByText(words)
        .count()
        .catch(() => 0);
      return said > 0 && front;
    });
  }

  /** The panel that is in front, if there is one and it says the words. */
  static async seen(stage: Stage, page: Page, words: string | RegExp = /./): Promise<EnrolmentPage | undefined> {
    const frame = await webviewFrame(page, { containing: '#page h1', timeout: 1000 }).catch(() => undefined);
    const said = await frame
      ?.getByText(words)
      .count()
      .catch(() => 0);
    return frame && said ? new EnrolmentPage(stage, page, frame) : undefined;
  }

  /**
   * The panel that a row opens, by its button or from its menu.
   * @param how.says what it says, where another panel may be in front still
   */
  static async fromRow(
    stage: Stage,
    page: Page,
    name: RegExp,
    what: string,
    how: { readonly menu?: boolean; readonly lost?: string; readonly says?: string | RegExp } = {},
  ): Promise<EnrolmentPage> {
    let panel: EnrolmentPage | undefined;
    const next = async () => (panel = await EnrolmentPage.seen(stage, page, how.says)) !== undefined;
    await (how.menu ? chooseOnRow : pressOnRow)(page, name, what, {
      next,
      ...(how.lost !== undefined && { lost: how.lost }),
    });
    assert.ok(panel);
    return panel;
  }

  get qr(): Locator {
    return this.frame.getByRole('img', { name: /^QR code/ });
  }

  get code1(): Locator {
    return this.frame.getByRole('textbox', { name: 'Code 1' });
  }

  get code2(): Locator {
    return this.frame.getByRole('textbox', { name: 'Code 2' });
  }

  button(name: string): Locator {
    return this.frame.getByRole('button', { name, exact: true });
  }

  /** Reads the QR code from a picture of the screen. @returns the seed */
  async scan(expected?: RegExp, qr = this.qr): Promise<string> {
    await qr.waitFor({ timeout: 60_000 });
    const uri = await until('a QR code that can be read', async () => {
      const image = PNG.sync.read(await qr.screenshot());
      return jsQR(new Uint8ClampedArray(image.data), image.width, image.height)?.data;
    });
    if (expected) {
      assert.match(uri, expected);
    }
    const seed = new URL(uri).searchParams.get('secret');
    assert.ok(seed, 'the QR code holds a secret');
    this.stage.seeds.add(seed);
    return seed;
  }

  async type(code1: string, code2: string): Promise<void> {
    await this.code1.fill(code1);
    await this.code2.fill(code2);
  }

  /** Types the code before this one and the present one, as AWS allows, and presses the button. */
  async enable(seed: string, button = 'Enable MFA'): Promise<void> {
    const now = Date.now();
    await this.type(await otherTotp(seed, now - 30_000), await otherTotp(seed, now));
    await this.frame.getByText('Both codes are right').first().waitFor();
    await this.button(button).click();
  }

  /** Two codes of a device whose seed the page does not know. `slow`: how far its clock is behind, in milliseconds. */
  async typeUnjudged(seed: string, slow = 0): Promise<void> {
    const now = Date.now() - slow;
    await this.type(await otherTotp(seed, now - 30_000), await otherTotp(seed, now));
    await this.frame.getByText('Only AWS can tell').first().waitFor();
  }

  async says(words: string | RegExp): Promise<void> {
    await this.frame.getByText(words).first().waitFor({ timeout: 30_000 });
  }
}
