import assert from 'node:assert/strict';
import { largeCompany, smallCompany } from '../../../src/practice/company';
import { devicesOf, openingState } from '../../../src/practice/state';

describe('practice account: company', () => {
  const now = Date.parse('2026-03-02T09:00:00Z');

  it('opens with every case a person meets', () => {
    const state = openingState(smallCompany(), now);
    const devices = (userName: string) => devicesOf(state, { kind: 'user', userName });
    assert.equal(devices('jordan').length, 0, 'you have no MFA yet');
    assert.ok(state.users.get('jordan')?.password !== undefined);
    assert.equal(devices('priya').length, 3);
    assert.deepEqual(
      devices('elena').map(({ kind }) => kind),
      ['hardware'],
    );
    assert.deepEqual(
      devices('noah').map(({ kind }) => kind),
      ['passkey'],
    );
    assert.deepEqual(
      devices('ines').map(({ kind }) => kind),
      ['sms', 'virtual'],
    );
    const withMfa = [...state.users.keys()].filter((name) => devices(name).length > 0);
    assert.deepEqual([state.users.size, withMfa.length], [10, 5]);
    const sam = state.devices.get('arn:aws:iam::210987654321:mfa/sam');
    assert.ok(sam !== undefined && sam.owner === undefined && devices('sam').length === 0);
    assert.ok([...state.users.values()].every((user) => user.createdAt < now));
  });

  it('tells who must use MFA, and who need not', () => {
    const state = openingState(smallCompany(), now);
    const members = (group: string) => [...state.users.values()].filter(({ groups }) => groups.includes(group));
    assert.deepEqual(
      members('everyone').map(({ name }) => name),
      ['priya', 'marcus', 'noah'],
    );
    assert.deepEqual(
      members('finance').map(({ name }) => name),
      ['elena'],
    );
    const own = [...state.users.values()].flatMap(({ inlinePolicies }) => inlinePolicies);
    assert.equal(own.length, 1);
    assert.doesNotMatch(own[0]?.document ?? '', /MultiFactorAuth/);
  });

  it('is not opened with a group or a policy that it does not have', () => {
    const company = smallCompany();
    const [first, ...others] = company.users;
    assert.ok(first !== undefined, 'there are users');
    for (const lost of [{ groups: ['ghosts'] }, { attachedPolicies: ['Ghost'] }]) {
      assert.throws(() => openingState({ ...company, users: [{ ...first, ...lost }, ...others] }, now), /[Gg]host/);
    }
  });

  it('gives every device of a person a later date than the person', () => {
    for (const company of [smallCompany(), largeCompany(500)]) {
      for (const user of company.users) {
        for (const device of user.devices ?? []) {
          assert.ok(device.enabledDaysAgo <= user.createdDaysAgo, user.name);
        }
      }
    }
  });

  it('grows to any size up to the quota, one in ten of the added with a token or a passkey', function () {
    this.timeout(20_000);
    const state = openingState(largeCompany(5000), now);
    assert.equal(state.users.size, 5000);
    const kinds = [...state.devices.values()].filter(({ owner }) => owner?.kind === 'user').map(({ kind }) => kind);
    const physical = kinds.filter((kind) => kind === 'hardware' || kind === 'passkey').length;
    assert.ok(Math.abs(physical / 5000 - 0.1) < 0.01, String(physical));
    assert.ok(kinds.includes('hardware') && kinds.includes('passkey'));
  });
});
