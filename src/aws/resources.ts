import { type Caller, parseCallerArn } from '../core/account';
import { virtualSerial } from '../core/device';
import type { IamUser } from '../core/iam';

/** What policies name the resource of an action by (iam-facts 1.8). */
type ResourceKind = 'all' | 'user' | 'role' | 'device' | 'given';

const kinds: Readonly<Record<string, ResourceKind>> = {
  GenerateCredentialReport: 'all',
  GetAccountSummary: 'all',
  GetCallerIdentity: 'all',
  GetCredentialReport: 'all',
  ListAccountAliases: 'all',
  ListUsers: 'all',
  ListVirtualMFADevices: 'all',
  DeactivateMFADevice: 'user',
  EnableMFADevice: 'user',
  GetLoginProfile: 'user',
  GetMFADevice: 'user',
  GetUser: 'user',
  GetUserPolicy: 'user',
  ListAttachedUserPolicies: 'user',
  ListGroupsForUser: 'user',
  ListMFADevices: 'user',
  ListUserPolicies: 'user',
  ResyncMFADevice: 'user',
  GetRole: 'role',
  CreateVirtualMFADevice: 'device',
  DeleteVirtualMFADevice: 'device',
  ListMFADeviceTags: 'device',
  TagMFADevice: 'device',
  UntagMFADevice: 'device',
  GetGroupPolicy: 'given',
  GetPolicy: 'given',
  GetPolicyVersion: 'given',
  ListAttachedGroupPolicies: 'given',
  ListGroupPolicies: 'given',
  SimulatePrincipalPolicy: 'given',
};

/** What a refused call was about, told by what AWS has said of the account so far. */
export class KnownResources {
  #caller: Caller | undefined;
  readonly #users = new Map<string, string>();

  /** Undefined while AWS was not asked. */
  get caller(): Caller | undefined {
    return this.#caller;
  }

  noteCaller(caller: Caller): void {
    this.#caller = caller;
  }

  noteUsers(users: readonly IamUser[]): void {
    users.forEach(({ name, arn }) => this.#users.set(name, arn));
  }

  /**
   * @param subject what the call was about: a user's name, a device's serial or the name it is to have, an ARN
   * @returns an ARN, or `*`; undefined while the account is not known, and for actions that are not in the table
   */
  of(operation: string, subject: string | undefined): string | undefined {
    switch (kinds[operation]) {
      case 'all':
        return '*';
      case 'user':
        return subject === undefined ? undefined : this.#userArn(subject);
      case 'role':
        return subject === undefined ? undefined : this.#roleArn(subject);
      case 'device':
        return subject === undefined ? undefined : this.#deviceArn(subject);
      case 'given':
        return subject;
      default:
        return undefined;
    }
  }

  #userArn(name: string): string | undefined {
    const caller = this.#caller;
    // The path is part of the ARN, and only AWS knows it.
    return (
      this.#users.get(name) ??
      (caller && parseCallerArn(caller.arn)?.userName === name ? caller.arn : undefined) ??
      (caller && `arn:${caller.partition}:iam::${caller.accountId}:user/${name}`)
    );
  }

  #roleArn(name: string): string | undefined {
    const caller = this.#caller;
    // A session's ARN tells the role's name without its path.
    return caller && `arn:${caller.partition}:iam::${caller.accountId}:role/${name}`;
  }

  #deviceArn(serialOrName: string): string | undefined {
    const caller = this.#caller;
    return serialOrName.startsWith('arn:')
      ? serialOrName
      : caller && virtualSerial(caller.partition, caller.accountId, serialOrName);
  }
}
