import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { isRowLost, isShown, modal, type OnRow, rowLost, toast, topBox, typeInBox } from './hands';
import { until } from './stage';

/** A person who uses a keyboard and nothing else. */
export class Keyboard {
  /** The way to the row that is in focus. */
  #path: readonly RegExp[] = [];

  private constructor(private readonly page: Page) {}

  /** Notes from now on whether anything else is used after all: see `assertAlone`. */
  static async on(page: Page): Promise<Keyboard> {
    await page.evaluate(`{
      window.pressed = 0;
      for (const kind of ['pointerdown', 'mousedown', 'touchstart']) {
        addEventListener(kind, () => window.pressed++, true);
      }
    }`);
    return new Keyboard(page);
  }

  /** Nothing in the window was pressed but keys. */
  async assertAlone(): Promise<void> {
    assert.equal(await this.page.evaluate('window.pressed'), 0);
  }

  press(...keys: readonly string[]): Promise<void> {
    return keys.reduce((before, key) => before.then(() => this.page.keyboard.press(key)), Promise.resolve());
  }

  type(text: string): Promise<void> {
    return this.page.keyboard.type(text);
  }

  /** Runs a command by its title; its row must be there before Enter. */
  async command(title: string): Promise<void> {
    await until(`the command ${title}`, async () => {
      await this.press('F1');
      await this.type(title);
      const first = this.#listed.first().filter({ hasText: title });
      const there = await isShown(first, 3000);
      if (!there) {
        await this.press('Escape');
      }
      return there && this.#enter();
    });
  }

  /** Chooses from a list by typing what it is called. @returns false where the list has closed */
  async choose(name: string): Promise<boolean> {
    if (!(await isShown(this.#listed.filter({ hasText: name }).first(), 5000))) {
      return false;
    }
    await this.type(name);
    return (await isShown(this.#listed.first().filter({ hasText: name }), 5000)) && this.#enter();
  }

  /** Presses Enter in the list or box that is open: a page may have taken the focus back. @returns false where it has closed */
  #enter(): Promise<boolean> {
    return topBox(this.page)
      .press('Enter', { timeout: 2000 })
      .then(
        () => true,
        () => false,
      );
  }

  /**
   * Runs a command and chooses from its list. As the palette closes, the editor gives a page that had the focus the focus back,
   * a moment later: a list that is there by then closes again, and a person runs the command once more.
   */
  async commandAndChoose(title: string, name: string): Promise<void> {
    await until(`${title} ${name}`, async () => {
      await this.command(title);
      return this.choose(name);
    });
  }

  /** Answers the box that says something. */
  async answer(words: string | RegExp, text: string): Promise<void> {
    await this.page.locator('.quick-input-widget:visible').getByText(words).first().waitFor({ timeout: 60_000 });
    await typeInBox(this.page, text);
    await topBox(this.page).press('Enter');
  }

  /** Says yes to the question that stands before everything else, until what comes next is there. */
  async confirm(next: Locator): Promise<void> {
    const inFocus = modal(this.page).locator('.monaco-button:focus');
    await until('what comes after the question', async () => {
      if (await next.isVisible()) {
        return true;
      }
      await inFocus.press('Enter', { timeout: 1000 }).catch(() => undefined);
      return isShown(next, 2000);
    });
  }

  /** Goes to a row of the view, and opens the rows on the way. @param path names of rows, each below the one before */
  async toRow(...path: readonly RegExp[]): Promise<void> {
    this.#path = path;
    await this.command('AWS MFA: Focus on Users View');
    await this.page.locator('.sidebar .monaco-list-row').first().waitFor({ timeout: 60_000 });
    for (const name of path) {
      await this.downTo(name);
      if ((await this.ofFocused('aria-expanded')) === 'false' && name !== path.at(-1)) {
        await this.press('ArrowRight');
        await until(`${name.source} to be open`, async () => (await this.ofFocused('aria-expanded')) === 'true');
      }
    }
  }

  /** Goes to a row that is there to be seen, or comes in a moment, in the view that has the focus. */
  async downTo(name: RegExp): Promise<void> {
    await until(`the focus on ${name.source}`, async () => {
      await this.press('Home');
      let label = await this.ofFocused('aria-label');
      while (!name.test(label)) {
        const before = label;
        await this.press('ArrowDown');
        const next = async () => {
          label = await this.ofFocused('aria-label');
          return label !== before;
        };
        if (!(await until('another row', next, 1000).catch(() => false))) {
          return false; // It was the last one.
        }
      }
      return true;
    });
  }

  /** An attribute of the row in focus; empty where there is none. */
  async ofFocused(attribute: string): Promise<string> {
    const focused = this.page.locator('.sidebar .monaco-list-row.focused');
    if ((await focused.count()) !== 1) {
      return '';
    }
    // Rows may be drawn anew meanwhile.
    return (await focused.getAttribute(attribute, { timeout: 1000 }).catch(() => null)) ?? '';
  }

  /** Chooses from the context menu of the row one went to. Rows may be drawn anew meanwhile. */
  async menu(item: string, how: OnRow = {}): Promise<void> {
    await until(`${item} to be chosen`, async () => {
      if (!(await this.#chosenFromMenu(item))) {
        return false;
      }
      const isLost = await isRowLost(this.page, how);
      if (isLost) {
        await this.command('Notifications: Clear All Notifications');
        await toast(this.page, rowLost).waitFor({ state: 'hidden' });
        await this.toRow(...this.#path);
      }
      return !isLost;
    });
  }

  /** @returns false where the menu did not come, or went away before it was chosen from */
  async #chosenFromMenu(item: string): Promise<boolean> {
    const choice = this.page.getByRole('menuitem', { name: item });
    const inFocus = this.page.locator('.monaco-menu .action-item.focused');
    await this.press('Shift+F10');
    if (!(await isShown(choice, 2000))) {
      return false;
    }
    const { isThere } = await until(`${item} in focus`, async () => {
      if (!(await choice.isVisible())) {
        return { isThere: false };
      }
      if ((await inFocus.count()) > 0 && (await inFocus.innerText({ timeout: 1000 }).catch(() => '')).trim() === item) {
        return { isThere: true };
      }
      await this.press('ArrowDown');
      return false;
    });
    if (isThere) {
      await this.press('Enter');
      await this.page.locator('.monaco-menu').waitFor({ state: 'hidden' });
    }
    return isThere;
  }

  /** Goes from part to part of the window to the status bar, and along it to an item. */
  async toStatusItem(words: RegExp): Promise<void> {
    const bar = this.page.locator('.part.statusbar:focus-within');
    await until('the focus in the status bar', async () => {
      if ((await bar.count()) > 0) {
        return true;
      }
      await this.press('F6');
      return false;
    });
    const item = bar.locator(':focus').filter({ hasText: words });
    await until(`the focus on ${words.source}`, async () => {
      if ((await item.count()) > 0) {
        return true;
      }
      await this.press('ArrowRight');
      return false;
    });
  }

  /** Presses Tab until the focus is there. */
  async tabTo(target: Locator): Promise<void> {
    await target.waitFor();
    await until(`the focus on ${String(target)}`, async () => {
      const hasFocus = await target
        .evaluate(
          (element: { readonly ownerDocument: { readonly activeElement: unknown } }) =>
            element.ownerDocument.activeElement === element,
          undefined,
          { timeout: 2000 },
        )
        .catch(() => false);
      if (hasFocus) {
        return true;
      }
      await this.press('Tab');
      return false;
    });
  }

  get #listed(): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row');
  }
}
