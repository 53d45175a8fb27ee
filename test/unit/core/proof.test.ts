import assert from 'node:assert/strict';
import type { Device } from '../../../src/core/device';
import type { AccountSnapshot } from '../../../src/core/accountSnapshot';
import { Proof, proofNeed, showsCodes } from '../../../src/core/proof';
import type { MfaState, UserEntry } from '../../../src/core/users';
import { assertEnded, problem, serialOf, Setup, watchSessions } from '../practiceSetup';

const virtual: Device = { serial: 'arn:aws:iam::123456789012:mfa/alice' };
const inPath: Device = { serial: 'arn:aws-cn:iam::123456789012:mfa/team/alice' };
const token: Device = { serial: 'GAHT12345678' };
const passkey: Device = { serial: 'arn:aws:iam::123456789012:u2f/user/alice/key-ABCDEFGHIJKLMNOPQRSTUVWXYZ' };
const sms: Device = { serial: 'arn:aws:iam::123456789012:sms-mfa/alice' };

describe('proof: whether AWS wants it (iam-facts 2.5)', () => {
  const account = (longTermKeys: boolean): AccountSnapshot => ({
    caller: { arn: 'arn:aws:iam::123456789012:user/alice', accountId: '123456789012', partition: 'aws', longTermKeys },
    readAt: 0,
    users: new Map(),
    unassigned: [],
    details: new Map(),
  });
  const user = (isCaller: boolean, mfa: MfaState): UserEntry => ({
    user: { name: 'alice', arn: '', path: '/' },
    isCaller,
    mfa,
    password: { kind: 'unknown' },
  });
  const has = (...devices: Device[]): MfaState => ({ kind: 'has', devices, complete: true, at: 0 });

  it('not of anybody else’s devices', () => {
    assert.deepEqual(proofNeed(account(true), user(false, has(virtual))), { kind: 'none' });
  });

  it('not of a session’s keys', () => {
    assert.deepEqual(proofNeed(account(false), user(true, has(virtual))), { kind: 'none' });
  });

  it('not before a first device, nor where it is not known that there is one', () => {
    const refused = { code: 'accessDenied', operation: 'ListMFADevices' } as const;
    assert.deepEqual(proofNeed(account(true), user(true, { kind: 'none', at: 0 })), { kind: 'none' });
    assert.deepEqual(proofNeed(account(true), user(true, { kind: 'unknown', problem: refused, at: 0 })), {
      kind: 'none',
    });
    assert.deepEqual(proofNeed(account(true), undefined), { kind: 'none' });
  });

  for (const [title, all, usable] of [
    ['a virtual device', [virtual], [virtual]],
    ['a virtual device in a path', [inPath], [inPath]],
    ['a hardware token', [token], [token]],
    ['one of each kind', [passkey, virtual, sms, token], [virtual, token]],
  ] as const) {
    it(`of one’s own with long-term keys: with ${title}`, () => {
      assert.deepEqual(proofNeed(account(true), user(true, has(...all))), { kind: 'code', devices: usable });
    });
  }

  for (const [title, devices] of [
    ['passkeys alone', [passkey]],
    ['text messages alone', [sms]],
    ['both of these', [sms, passkey]],
  ] as const) {
    it(`but it cannot be given with ${title}`, () => {
      assert.deepEqual(proofNeed(account(true), user(true, has(...devices))), { kind: 'impossible', devices });
    });
  }

  it('knows whose codes STS takes', () => {
    assert.deepEqual(
      [virtual, inPath, token, passkey, sms].map(({ serial }) => showsCodes(serial)),
      [true, true, true, false, false],
    );
  });
});

describe('proof: the session', () => {
  let setup: Setup;

  beforeEach(async () => {
    setup = await Setup.open();
  });
  afterEach(() => setup.close());

  const priya = serialOf('priya');
  const opened = async () => {
    const iam = await setup.iam(setup.own('priya'));
    const sessions = watchSessions(iam);
    return { iam, sessions, proof: new Proof(iam) };
  };

  it('is what changes are signed with, until it is dropped', async () => {
    const { iam, sessions, proof } = await opened();
    assert.deepEqual([proof.signed, proof.given, proof.serial], [iam, false, undefined]);
    assert.equal(await proof.give(priya, await setup.codeOf(priya)), undefined);
    assert.deepEqual([proof.signed, proof.given, proof.serial], [sessions[0]?.iam, true, priya]);
    await proof.signed.deactivateMfaDevice('priya', serialOf('priya-tablet'));
    proof.drop();
    assert.deepEqual([proof.signed, proof.given, proof.serial], [iam, false, undefined]);
    await assertEnded(sessions[0]);
    assert.equal((await problem(proof.signed.deactivateMfaDevice('priya', priya))).code, 'accessDenied');
  });

  it('is not there after a code that was refused, and says why', async () => {
    const { iam, proof } = await opened();
    const refused = await proof.give(priya, await setup.codeOf(priya, 20));
    assert.deepEqual([refused?.code, refused?.operation], ['invalidCode', 'GetSessionToken']);
    assert.deepEqual([proof.signed, proof.given, proof.serial], [iam, false, undefined]);
  });

  it('takes the place of one before, be the new code right or wrong', async () => {
    const { sessions, proof } = await opened();
    await proof.give(priya, await setup.codeOf(priya));
    assert.equal(await proof.give(priya, await setup.codeOf(priya, 1)), undefined);
    assert.equal(sessions.length, 2);
    await assertEnded(sessions[0]);
    assert.equal(proof.signed, sessions[1]?.iam);
    assert.equal((await proof.give(priya, '000000'))?.code, 'invalidCode');
    await assertEnded(sessions[1]);
    assert.equal(proof.given, false);
  });

  it('is not asked for again where the answer is lost', async () => {
    setup.practice.faults.set({ kind: 'dropAnswer', operation: 'GetSessionToken' });
    const { proof } = await opened();
    assert.equal((await proof.give(priya, await setup.codeOf(priya)))?.code, 'answerLost');
    assert.equal(setup.count('GetSessionToken'), 1);
  });
});
