import type { Account } from './account';
import type { CompanyRole } from './company';
import type { PracticeSessionKeys } from './keys';
import { Tokens } from './tokens';

/** Who a web identity token stands for. */
export interface WebIdentity {
  readonly subject: string;
  readonly issuer: string;
  readonly audience: string;
  /** The roles that trust it, by ARN; undefined: all. */
  readonly roleArns: readonly string[] | undefined;
}

/** A role and whose it is. */
export interface PlacedRole {
  readonly arn: string;
  readonly role: CompanyRole;
  readonly account: Account;
}

export interface RoleSession {
  readonly keys: PracticeSessionKeys;
  /** ms. */
  readonly expiresAt: number;
  readonly arn: string;
  /** The role's unique id and the session's name. */
  readonly id: string;
}

/** The accounts that one endpoint serves, and what goes on between them. */
export class Partition {
  readonly accounts: readonly Account[];
  /** The one that calls are counted to which are nobody's. */
  readonly first: Account;
  readonly webIdentities = new Tokens<WebIdentity>();
  /** How long sessions of roles live, whatever was asked for, ms; undefined: as asked for. */
  roleSessionMs: number | undefined;

  constructor(first: Account, others: readonly Account[] = []) {
    this.first = first;
    this.accounts = [first, ...others];
  }

  account(id: string | undefined): Account | undefined {
    return this.accounts.find((account) => account.id === id);
  }

  /** The account of an access key; undefined when nobody signs with it (any more). */
  accountOfKey(accessKeyId: string): Account | undefined {
    return this.accounts.find((account) => account.credentialsOf(accessKeyId) !== undefined);
  }

  role(arn: string): PlacedRole | undefined {
    for (const account of this.accounts) {
      const role = account.roles.get(arn);
      if (role !== undefined) {
        return { arn, role, account };
      }
    }
    return undefined;
  }

  /** Makes keys of a role; whoever calls this has checked that they may. */
  openRoleSession({ role, account }: PlacedRole, sessionName: string, seconds: number, now: number): RoleSession {
    const identity = { kind: 'role', roleName: role.name, sessionName } as const;
    const expiresAt = now + (this.roleSessionMs ?? seconds * 1000);
    const grant = { name: `${role.name}/${sessionName}`, identity, permissions: role.permissions };
    return {
      keys: account.openSession(grant, 'role', expiresAt),
      expiresAt,
      arn: account.arnOf(identity) ?? '',
      id: account.userIdOf(identity),
    };
  }
}
