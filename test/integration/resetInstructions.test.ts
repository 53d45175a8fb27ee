import assert from 'node:assert/strict';
import type { Device } from '../../src/core/device';
import type { AccountSnapshot } from '../../src/core/accountSnapshot';
import { type Reset, resetInstructions } from '../../src/editor/resetInstructions';
import { SmallPractice } from './smallPractice';

describe('what a person is sent whose MFA was reset', () => {
  let small: SmallPractice;

  before(async () => {
    small = await SmallPractice.open();
  });
  after(() => small.close());

  const at = new Date(2026, 2, 12, 12);

  /** The account in another partition, with or without an alias. */
  function accountIn(partition: string, alias?: string): AccountSnapshot {
    const { alias: own, caller, ...account } = small.account;
    assert.equal(own, 'acme-practice');
    return { ...account, caller: { ...caller, partition }, ...(alias !== undefined && { alias }) };
  }

  async function devices(userName: string): Promise<readonly Device[]> {
    const entry = await small.directory.refreshUser(userName);
    return entry?.mfa.kind === 'has' ? entry.mfa.devices : assert.fail(`${userName} has no device`);
  }

  /** Priya has lost everything, and can sign in with a password. */
  async function reset(change: Partial<Reset> = {}): Promise<Reset> {
    const userName = change.userName ?? 'priya';
    return { userName, removed: await devices(userName), left: [], password: 'yes', at, ...change };
  }

  for (const [partition, alias, address] of [
    ['aws', 'acme', 'https://acme.signin.aws.amazon.com/console'],
    ['aws', undefined, 'https://210987654321.signin.aws.amazon.com/console'],
    ['aws-us-gov', 'acme', 'https://acme.signin.amazonaws-us-gov.com/console'],
    ['aws-us-gov', undefined, 'https://210987654321.signin.amazonaws-us-gov.com/console'],
    ['aws-cn', 'acme', 'https://acme.signin.amazonaws.cn/console'],
    ['aws-cn', undefined, 'https://210987654321.signin.amazonaws.cn/console'],
  ] as const) {
    it(`says where to sign in: ${partition}, ${alias === undefined ? 'no alias' : 'an alias'}`, async () => {
      const text = resetInstructions(accountIn(partition, alias), await reset());
      assert.deepEqual(text.match(/https?:\/\/\S+/g), [address], 'and no other address');
      assert.match(text, new RegExp(`^1\\. Sign in as priya at ${address.replaceAll('.', '\\.')}$`, 'm'));
    });
  }

  it('says which account and when, what to delete from the app, and each step in order', async () => {
    const text = resetInstructions(accountIn('aws', 'acme'), await reset());
    const [first = '', second = ''] = text.split('\n');
    assert.match(first, /acme · 2109-8765-4321 was reset on .*\b2026\b/);
    assert.match(second, /^Removed: priya, priya-tablet, work-key\./);
    assert.deepEqual(
      text.match(/^\d\./gm)?.map((step) => Number.parseInt(step, 10)),
      [1, 2, 3, 4, 5],
    );
    assert.doesNotMatch(text, /\{\d\}|undefined/);
    assert.ok(text.endsWith('\n'), 'it can be pasted');
  });

  it('guesses no address of a partition it does not know', async () => {
    const text = resetInstructions(accountIn('aws-eusc', 'acme'), await reset());
    assert.doesNotMatch(text, /https?:/);
    assert.match(text, /^1\. Sign in to the AWS console as priya, at the address you always use\.$/m);
  });

  it('sends nobody to the console who cannot sign in there, and names what is left', async () => {
    const [removed, ...left] = await devices('priya');
    assert.ok(removed, 'priya has a device');
    const text = resetInstructions(small.account, await reset({ removed: [removed], left, password: 'no' }));
    assert.doesNotMatch(text, /https?:|Sign in as/);
    assert.match(text, /^You still have: priya-tablet, work-key\./m);
    assert.match(text, /^In VS Code with the extension/m);
  });

  it('holds no secret: no seed, no key, not even a serial', async () => {
    for (const userName of ['priya', 'ines', 'marcus']) {
      const removed = await devices(userName);
      const text = resetInstructions(small.account, await reset({ userName, removed }));
      const { practice } = small;
      const { accessKeyId, secretAccessKey } = practice.caller('keeper');
      const seeds = removed.flatMap(({ serial }) => practice.seedOf(serial) ?? []);
      for (const secret of [accessKeyId, secretAccessKey, ...seeds, ...removed.map(({ serial }) => serial)]) {
        assert.ok(!text.includes(secret), `${userName}: it is in the text`);
      }
      assert.doesNotMatch(text, /[A-Z2-7]{16,}|arn:|otpauth:/, userName);
    }
  });
});
