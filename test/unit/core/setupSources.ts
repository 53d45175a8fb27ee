import type { AccountSource } from '../../../src/core/account';
import type { AccountConnection, AccountSources } from '../../../src/core/connection';
import { Emitter } from '../../../src/core/emitter';
import { ProblemError } from '../../../src/core/problem';
import { type Company, smallCompany } from '../../../src/practice/company';
import type { Setup } from '../practiceSetup';

/** A company of another account, with a few of the users. */
export function otherCompany(): Company {
  const company = smallCompany();
  return {
    ...company,
    accountId: '111122223333',
    users: company.users.filter(({ name }) => ['jordan', 'maya', 'theo'].includes(name)),
    unassigned: [],
  };
}

/** Accounts behind profiles, each a practice account. */
export class SetupSources implements AccountSources {
  readonly files = new Emitter<void>();
  readonly onDidChangeFiles = this.files.on;
  /** Whether somebody was there to be asked, for each that was asked for. */
  readonly attended: boolean[] = [];
  /** Set: the files lead elsewhere by now. */
  outdated = false;
  /** What was asked for, in order. */
  readonly asked: AccountSource[] = [];
  readonly disposed: AccountSource[] = [];
  /** Set: there is no way in. */
  refuses = false;
  /** Those profiles lead nowhere. */
  readonly broken = new Set<string>();
  /** Set: a way in is made only once this is settled. */
  until: Promise<void> = Promise.resolve();

  constructor(
    private readonly setups: Record<string, Setup>,
    private readonly endpoints: Record<string, string> = {},
  ) {}

  async connect(source: AccountSource, attended: boolean): Promise<AccountConnection> {
    this.asked.push(source);
    this.attended.push(attended);
    await this.until;
    const setup = source.kind === 'profile' ? this.setups[source.profile] : undefined;
    if (this.refuses || !setup || (source.kind === 'profile' && this.broken.has(source.profile))) {
      throw new ProblemError({ code: 'badConfig', operation: 'Credentials' });
    }
    const { iam } = await setup.connect();
    const { outdated } = this;
    const endpoint = source.kind === 'profile' ? this.endpoints[source.profile] : undefined;
    return {
      iam,
      outdated,
      ...(endpoint !== undefined && { endpoint }),
      forgetKeys: () => undefined,
      dispose: () => void this.disposed.push(source),
    };
  }

  /** From now on the profile leads to another account. */
  lead(profile: string, setup: Setup, endpoint?: string): void {
    this.setups[profile] = setup;
    if (endpoint !== undefined) {
      this.endpoints[profile] = endpoint;
    }
  }

  profiles(): never {
    throw new Error('not needed here');
  }
}
