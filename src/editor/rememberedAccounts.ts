import type { Memento } from 'vscode';
import { sameSource, sourceFromText, sourceToText, type AccountSource } from '../core/account';
import type { RememberedAccount } from '../core/accounts';
import { memory } from './manifest';

/** How many choices are remembered as recent. */
const mostRecent = 10;

/** Which accounts were shown, and what was chosen lately: names of profiles and nothing else. */
export class RememberedAccounts {
  /** As this window has read or written it last. */
  #own: string | undefined;

  constructor(private readonly memento: Memento) {}

  get accounts(): readonly RememberedAccount[] {
    return texts(this.memento.get(memory.accounts)).map((each) => texts(each).flatMap((text) => sourceOf(text)));
  }

  /** Latest first. */
  get recent(): readonly AccountSource[] {
    return texts(this.memento.get(memory.recent)).flatMap((text) => sourceOf(text));
  }

  async save(accounts: readonly RememberedAccount[]): Promise<void> {
    const saved = accounts.map((identities) => identities.map(sourceToText));
    const text = JSON.stringify(saved);
    // Another window may have written meanwhile: it is overwritten only by what has changed here.
    if (text !== (this.#own ?? JSON.stringify(this.memento.get(memory.accounts) ?? []))) {
      await this.memento.update(memory.accounts, saved);
    }
    this.#own = text;
  }

  async noteChoice(source: AccountSource): Promise<void> {
    const others = this.recent.filter((each) => !sameSource(each, source));
    await this.memento.update(memory.recent, [source, ...others].slice(0, mostRecent).map(sourceToText));
  }
}

/** What another version has written may be anything. */
function texts(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function sourceOf(text: unknown): readonly AccountSource[] {
  const source = typeof text === 'string' ? sourceFromText(text) : undefined;
  return source ? [source] : [];
}
