import assert from 'node:assert/strict';
import { otherTotp } from '../../otherTotp';
import { AuthenticatorCodes, type CodesVerdict } from '../../../src/core/codes';
import { canBeSent, TwoCodes } from '../../../src/core/twoCodes';
import { SteeredClock } from '../doubles';

const step = 30_000;
const seed = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

describe('two codes: of a device whose seed is known here', () => {
  const clock = new SteeredClock(Date.parse('2026-03-02T09:00:15Z'));
  const code = async (steps: number): Promise<string> => await otherTotp(seed, clock.now() + steps * step);
  const fresh = () => TwoCodes.ofSeed(new AuthenticatorCodes(seed), () => clock.now());

  it('can be sent where they are right, older first', async () => {
    const codes = fresh();
    assert.deepEqual([codes.verdict().kind, codes.pair()], ['nothing', undefined]);
    const [first, second] = [await code(-1), await code(0)];
    codes.type(first, '');
    assert.deepEqual([codes.verdict().kind, codes.pair()], ['half', undefined]);
    codes.type(first, second);
    assert.equal(codes.verdict().kind, 'right');
    assert.deepEqual(codes.pair(), { first, second, at: clock.now() });
  });

  it('cannot be sent where they are wrong', async () => {
    const codes = fresh();
    for (const [first, second, verdict] of [
      [await code(0), await code(-1), 'reversed'],
      [await code(0), await code(0), 'same'],
      [await code(-2), await code(0), 'notAdjacent'],
      ['000000', await code(0), 'unknown'],
    ] as const) {
      codes.type(first, second);
      assert.deepEqual([codes.verdict().kind, codes.pair()], [verdict, undefined]);
    }
  });

  it('are forgotten where they are cleared, and where the fields are', async () => {
    const codes = fresh();
    codes.type(await code(-1), await code(0));
    codes.clear();
    assert.deepEqual([codes.verdict().kind, codes.pair()], ['nothing', undefined]);
    codes.type(await code(-1), await code(0));
    codes.type(await code(-1), (await code(0)).slice(0, 5));
    assert.deepEqual([codes.verdict().kind, codes.pair()], ['half', undefined]);
  });
});

describe('two codes: of a device whose seed only AWS knows', () => {
  let clock: SteeredClock;
  let codes: TwoCodes;

  beforeEach(() => {
    clock = new SteeredClock(Date.parse('2026-03-02T09:00:00Z'));
    codes = TwoCodes.ofUnknownSeed(() => clock.now());
  });

  for (const [first, second, verdict] of [
    ['', '', { kind: 'nothing' }],
    ['12345', '', { kind: 'nothing' }],
    ['12345a', '1234567', { kind: 'nothing' }],
    ['123456', '', { kind: 'halfUnjudged', which: 1 }],
    ['123456', '65432', { kind: 'halfUnjudged', which: 1 }],
    ['', '654321', { kind: 'halfUnjudged', which: 2 }],
    ['123456', '123456', { kind: 'same' }],
    ['123456', '654321', { kind: 'unjudged' }],
  ] as const satisfies readonly (readonly [string, string, CodesVerdict])[]) {
    it(`“${first}” and “${second}”: ${verdict.kind}`, () => {
      codes.type(first, second);
      assert.deepEqual(codes.verdict(), verdict);
      assert.deepEqual(codes.pair(), verdict.kind === 'unjudged' ? { first, second, at: clock.now() } : undefined);
    });
  }

  it('grow too old by the time the second was typed, not by every stroke since', () => {
    codes.type('123456', '');
    clock.advance(10 * 60_000);
    codes.type('123456', '654321');
    assert.equal(codes.verdict().kind, 'unjudged', 'the first may be as old as it likes');
    clock.advance(2 * step);
    codes.type('123456', '654321');
    assert.equal(codes.verdict().kind, 'unjudged');
    clock.advance(step);
    codes.type('123456', '654321');
    assert.deepEqual([codes.verdict().kind, codes.pair()], ['tooOld', undefined]);
    codes.type('123456', '65432');
    codes.type('123456', '654321');
    assert.equal(codes.verdict().kind, 'unjudged', 'typed anew');
  });
});

describe('two codes: what may be sent', () => {
  const clock = { kind: 'fine' } as const;
  for (const [verdict, may] of [
    [{ kind: 'right', clock }, true],
    [{ kind: 'unjudged' }, true],
    [{ kind: 'nothing' }, false],
    [{ kind: 'half', which: 1, clock }, false],
    [{ kind: 'halfUnjudged', which: 2 }, false],
    [{ kind: 'unknown', which: 'both' }, false],
    [{ kind: 'same' }, false],
    [{ kind: 'reversed' }, false],
    [{ kind: 'notAdjacent', between: 1 }, false],
    [{ kind: 'tooOld' }, false],
  ] as const satisfies readonly (readonly [CodesVerdict, boolean])[]) {
    it(`${verdict.kind}: ${may ? 'yes' : 'no'}`, () => assert.equal(canBeSent(verdict), may));
  }
});
