import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { isShown, typeInBox } from './hands';
import { until } from './stage';

/** A person who uses a keyboard and nothing else. */
export class Keyboard {
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
      return there;
    });
    await this.press('Enter');
  }

  /** Chooses from a list by typing what it is called. @returns false where the list has closed */
  async choose(name: string): Promise<boolean> {
    if (!(await isShown(this.#listed.filter({ hasText: name }).first(), 5000))) {
      return false;
    }
    await this.type(name);
    if (!(await isShown(this.#listed.first().filter({ hasText: name }), 5000))) {
      return false;
    }
    await this.press('Enter');
    return true;
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
    await this.press('Enter');
  }

  /** Goes to a row of the view, and opens the rows on the way. @param path names of rows, each below the one before */
  async toRow(...path: readonly RegExp[]): Promise<void> {
    await this.command('AWS MFA: Focus on Users View');
    await this.page.locator('.sidebar .monaco-list-row').first().waitFor({ timeout: 60_000 });
    for (const name of path) {
      await this.downTo(name);
      if ((await this.#ofFocused('aria-expanded')) === 'false' && name !== path.at(-1)) {
        await this.press('ArrowRight');
        await until(`${name.source} to be open`, async () => (await this.#ofFocused('aria-expanded')) === 'true');
      }
    }
  }

  /** Goes to a row that is there to be seen, or comes in a moment, in the view that has the focus. */
  async downTo(name: RegExp): Promise<void> {
    await until(`the focus on ${name.source}`, async () => {
      await this.press('Home');
      let label = await this.#ofFocused('aria-label');
      while (!name.test(label)) {
        const before = label;
        await this.press('ArrowDown');
        const next = async () => {
          label = await this.#ofFocused('aria-label');
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
  async #ofFocused(attribute: string): Promise<string> {
    const focused = this.page.locator('.sidebar .monaco-list-row.focused');
    return (await focused.count()) === 1 ? ((await focused.getAttribute(attribute)) ?? '') : '';
  }

  /** Chooses from the context menu of what has the focus. */
  async menu(item: string): Promise<void> {
    const inFocus = this.page.locator('.monaco-menu .action-item.focused');
    await until('the menu', async () => {
      await this.press('Shift+F10');
      return isShown(this.page.getByRole('menuitem', { name: item }), 2000);
    });
    await until(`${item} in focus`, async () => {
      if ((await inFocus.count()) > 0 && (await inFocus.innerText()).trim() === item) {
        return true;
      }
      await this.press('ArrowDown');
      return false;
    });
    await this.press('Enter');
    await this.page.locator('.monaco-menu').waitFor({ state: 'hidden' });
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
      const hasFocus = await target.evaluate(
        (element: { readonly ownerDocument: { readonly activeElement: unknown } }) =>
          element.ownerDocument.activeElement === element,
      );
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
