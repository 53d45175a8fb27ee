import assert from 'node:assert/strict';
import type { Directory } from '../../../src/core/directory';
import type { UserEntry } from '../../../src/core/users';
import { largeCompany, type Company } from '../../../src/practice/company';
import type { Setup } from '../practiceSetup';

/** Nobody has a token or a passkey: of the ten, elena and noah have, of those added one in ten. */
export function virtualOnly(size: number): Company {
  const company = largeCompany(size);
  return {
    ...company,
    users: company.users.map((user) =>
      user.devices?.some(({ kind }) => kind !== 'virtual') ? { ...user, devices: [] } : user,
    ),
  };
}

/** What is true in the account: who has a device of any kind. */
export function protectedUsers({ practice }: Setup): ReadonlySet<string> {
  return new Set(practice.devices().flatMap(({ owner }) => (owner?.kind === 'user' ? [owner.userName] : [])));
}

/** Those whom no list of virtual devices shows. */
export function hiddenUsers(setup: Setup): readonly string[] {
  const listed = new Set(
    setup.practice
      .devices()
      .flatMap(({ kind, owner }) => (kind === 'virtual' && owner?.kind === 'user' ? [owner.userName] : [])),
  );
  return [...protectedUsers(setup)].filter((name) => !listed.has(name));
}

export function entriesOf(directory: Directory): readonly UserEntry[] {
  assert.ok(directory.account, JSON.stringify(directory.state));
  return [...directory.account.users.values()];
}

export function usersWithMfa(directory: Directory): readonly string[] {
  return entriesOf(directory).flatMap(({ mfa, user }) => (mfa.kind === 'has' ? [user.name] : []));
}

/** Nobody is missing, doubled, wrongly green or wrongly red, and nobody was left unchecked. */
export function assertAllTrue(setup: Setup, directory: Directory, size: number): void {
  assert.equal(directory.state.kind, 'loaded', JSON.stringify(directory.state));
  assert.equal(entriesOf(directory).length, size);
  assert.deepEqual([...usersWithMfa(directory)].sort(), [...protectedUsers(setup)].sort());
  assert.ok(entriesOf(directory).every(({ mfa }) => mfa.kind === 'has' || mfa.kind === 'none'));
}
