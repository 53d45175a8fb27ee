import assert from 'node:assert/strict';
import { otherTotp } from '../../otherTotp';
import { AuthenticatorCodes, isCode, otpauthUri, type CodesVerdict } from '../../../src/core/codes';

/** The key of RFC 6238 appendix B, "12345678901234567890", in base32. */
const rfcSeed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
/** 64 characters, as AWS's are. */
const seed = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
/** In the middle of a time step. */
const now = Date.parse('2026-03-02T09:00:15Z');

/** The code that a phone shows, `steps` time steps from now; made by a library of its own. */
const code = async (steps: number): Promise<string> => await otherTotp(seed, now + steps * 30_000);

describe('codes: what an authenticator app shows', () => {
  for (const [seconds, expected] of [
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ] as const) {
    it(`is ${expected} at ${seconds} s (RFC 6238 appendix B, its last six digits)`, () => {
      assert.equal(new AuthenticatorCodes(rfcSeed).at(seconds * 1000), expected);
    });
  }

  it('is what another library makes of a seed of AWS’s length', async () => {
    const codes = new AuthenticatorCodes(seed);
    for (let steps = -50; steps < 50; steps++) {
      assert.equal(codes.at(now + steps * 30_000), await code(steps));
    }
  });

  it('does not take a seed that is no base32', () => {
    assert.throws(() => new AuthenticatorCodes('8f14e45f-ceea-167a-5a36-dedd4bea2543'));
  });

  for (const [text, whole] of [
    ['012345', true],
    ['12345', false],
    ['1234567', false],
    ['12345a', false],
    ['12 345', false],
    ['١٢٣٤٥٦', false],
    ['', false],
  ] as const) {
    it(`${whole ? 'takes' : 'does not take'} “${text}” for a whole code`, () => assert.equal(isCode(text), whole));
  }
});

describe('codes: judging what was typed', () => {
  const fine = { kind: 'fine' } as const;
  const fast = (seconds: number) => ({ kind: 'fast', seconds }) as const;
  const slow = (seconds: number) => ({ kind: 'slow', seconds }) as const;

  interface Case {
    readonly title: string;
    /** Which step's code stands in field 1 and 2; a text stands for itself. */
    readonly first?: number | string;
    readonly second?: number | string;
    /** When they were completed, milliseconds before it is judged; the second field's is also the first's if left out. */
    readonly firstAge?: number;
    readonly secondAge?: number;
    readonly verdict: CodesVerdict;
  }
  const minute = 60_000;
  const cases: readonly Case[] = [
    { title: 'nothing', verdict: { kind: 'nothing' } },
    { title: 'the code of now in field 1', first: 0, verdict: { kind: 'half', which: 1, clock: fine } },
    { title: 'the code of now in field 2', second: 0, verdict: { kind: 'half', which: 2, clock: fine } },
    { title: 'a code just gone by', first: -1, verdict: { kind: 'half', which: 1, clock: fine } },
    { title: 'a code of a fast phone', first: 3, verdict: { kind: 'half', which: 1, clock: fast(90) } },
    { title: 'a code of a slow phone', first: -4, verdict: { kind: 'half', which: 1, clock: slow(90) } },
    { title: 'the last code near enough', first: 20, verdict: { kind: 'half', which: 1, clock: fast(600) } },
    { title: 'a single code too far off to tell', first: 21, verdict: { kind: 'unknown', which: 1 } },
    {
      title: 'one read in time and judged minutes later',
      first: -10,
      firstAge: 5 * minute,
      verdict: { kind: 'half', which: 1, clock: fine },
    },
    { title: 'none of this key, in field 1', first: '000000', verdict: { kind: 'unknown', which: 1 } },
    { title: 'none of this key, in field 2', second: '000000', verdict: { kind: 'unknown', which: 2 } },
    { title: 'none, then a right one', first: '000000', second: 0, verdict: { kind: 'unknown', which: 1 } },
    { title: 'a right one, then none', first: -1, second: '000000', verdict: { kind: 'unknown', which: 2 } },
    { title: 'two of another key', first: '000000', second: '000001', verdict: { kind: 'unknown', which: 'both' } },
    { title: 'the same twice', first: 0, second: 0, verdict: { kind: 'same' } },
    {
      title: 'the same twice, of another key',
      first: '000000',
      second: '000000',
      verdict: { kind: 'unknown', which: 'both' },
    },
    { title: 'the wrong way round', first: 0, second: -1, verdict: { kind: 'reversed' } },
    { title: 'the wrong way round with one between', first: 0, second: -2, verdict: { kind: 'reversed' } },
    { title: 'one left out', first: -2, second: 0, verdict: { kind: 'notAdjacent', between: 1 } },
    { title: 'nine left out', first: -10, second: 0, verdict: { kind: 'notAdjacent', between: 9 } },
    { title: 'the last code and this one', first: -1, second: 0, verdict: { kind: 'right', clock: fine } },
    { title: 'the two before this one', first: -2, second: -1, verdict: { kind: 'right', clock: fine } },
    { title: 'a phone that is one step fast', first: 0, second: 1, verdict: { kind: 'right', clock: fast(30) } },
    { title: 'a phone that is a step slow', first: -3, second: -2, verdict: { kind: 'right', clock: slow(30) } },
    { title: 'a phone an hour fast', first: 119, second: 120, verdict: { kind: 'right', clock: fast(3600) } },
    { title: 'a phone an hour slow', first: -122, second: -121, verdict: { kind: 'right', clock: slow(3600) } },
    { title: 'a phone 1000 steps fast', first: 1000, second: 1001, verdict: { kind: 'right', clock: fast(30_030) } },
    { title: 'a phone 1000 steps slow', first: -1000, second: -999, verdict: { kind: 'right', clock: slow(29_940) } },
    {
      title: 'more than AWS would search, fast',
      first: 1001,
      second: 1002,
      verdict: { kind: 'unknown', which: 'both' },
    },
    {
      title: 'more than AWS would search, slow',
      first: -1001,
      second: -1000,
      verdict: { kind: 'unknown', which: 'both' },
    },
    {
      title: 'a pair completed a minute ago',
      first: -3,
      second: -2,
      secondAge: minute,
      verdict: { kind: 'right', clock: fine },
    },
    {
      title: 'a pair completed a minute and a half ago',
      first: -4,
      second: -3,
      secondAge: 1.5 * minute,
      verdict: { kind: 'tooOld' },
    },
    {
      title: 'a pair typed a step late, half a minute ago',
      first: -3,
      second: -2,
      secondAge: 0.5 * minute,
      verdict: { kind: 'right', clock: fine },
    },
    {
      title: 'a pair typed a step late, a minute ago',
      first: -4,
      second: -3,
      secondAge: minute,
      verdict: { kind: 'tooOld' },
    },
    {
      title: 'a slow phone’s pair completed a minute ago',
      first: -6,
      second: -5,
      secondAge: minute,
      verdict: { kind: 'right', clock: slow(60) },
    },
    {
      title: 'a fast phone’s pair completed long ago',
      first: 100,
      second: 101,
      secondAge: 5 * minute,
      verdict: { kind: 'tooOld' },
    },
    {
      title: 'a first code that stood there long and its second of just now',
      first: -10,
      firstAge: 5 * minute,
      second: 0,
      secondAge: 0,
      verdict: { kind: 'notAdjacent', between: 9 },
    },
  ];
  for (const { title, first, second, firstAge, secondAge = 0, verdict } of cases) {
    it(`${title}: ${verdict.kind}`, async () => {
      const typed = async (what: number | string | undefined, age: number) =>
        what === undefined ? undefined : { code: typeof what === 'string' ? what : await code(what), at: now - age };
      const judged = new AuthenticatorCodes(seed).judge(
        await typed(first, firstAge ?? secondAge),
        await typed(second, secondAge),
        now,
      );
      assert.deepEqual(judged, verdict);
    });
  }

  it('is the same whichever half of its time step a code was typed in', async () => {
    for (const offset of [-14_999, 14_999]) {
      const at = now + offset;
      const judged = new AuthenticatorCodes(seed).judge({ code: await code(-1), at }, { code: await code(0), at }, at);
      assert.deepEqual(judged, { kind: 'right', clock: fine });
    }
  });
});

describe('codes: the address in the QR code (iam-facts 2.8)', () => {
  it('is AWS’s own', () => {
    assert.equal(
      otpauthUri('alice', 'acme-prod', seed),
      `otpauth://totp/Amazon%20Web%20Services:alice@acme-prod?secret=${seed}&issuer=Amazon%20Web%20Services`,
    );
  });

  it('keeps every character that a name may have', () => {
    const uri = otpauthUri('a+b=c,d.e@f_g-h', '123456789012', seed);
    assert.equal(
      uri,
      `otpauth://totp/Amazon%20Web%20Services:a%2Bb%3Dc%2Cd.e%40f_g-h@123456789012?secret=${seed}&issuer=Amazon%20Web%20Services`,
    );
    const { pathname, searchParams } = new URL(uri);
    assert.equal(decodeURIComponent(pathname.replace(/^.*\//, '')), 'Amazon Web Services:a+b=c,d.e@f_g-h@123456789012');
    assert.deepEqual(
      [...searchParams],
      [
        ['secret', seed],
        ['issuer', 'Amazon Web Services'],
      ],
    );
  });
});
