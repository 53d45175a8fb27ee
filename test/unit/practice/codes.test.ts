import assert from 'node:assert/strict';
import {
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  EnableMFADeviceCommand,
  type IAMClient,
  ListMFADevicesCommand,
  ResyncMFADeviceCommand,
} from '@aws-sdk/client-iam';
import { otherTotp } from '../../otherTotp';
import { fromBase32, toBase32 } from '../../../src/practice/base32';
import { codeAt, stepAt } from '../../../src/practice/codes';
import { randomSeed } from '../../../src/practice/keys';
import { mfaArn, refusal, Stage } from './helpers';

const INVALID = {
  code: 'InvalidAuthenticationCode',
  status: 403,
  message: 'Authentication code for device is not valid.',
};

describe('practice account: codes', () => {
  it('computes the codes of RFC 6238, appendix B (its last six digits)', () => {
    const seed = Buffer.from('12345678901234567890');
    const rows: [number, string][] = [
      [59, '287082'],
      [1111111109, '081804'],
      [1111111111, '050471'],
      [1234567890, '005924'],
      [2000000000, '279037'],
      [20000000000, '353130'],
    ];
    for (const [seconds, code] of rows) {
      assert.equal(codeAt(seed, stepAt(seconds * 1000)), code);
    }
  });

  it('computes the same codes as another library, and undoes its own base32', async () => {
    for (let round = 0; round < 20; round++) {
      const seed = randomSeed();
      assert.equal(toBase32(fromBase32(seed)), seed);
      const at = 1_700_000_000_000 + round * 12_345_678;
      assert.equal(codeAt(fromBase32(seed), stepAt(at)), await otherTotp(seed, at));
    }
  });

  it('has six digits where the number begins with a zero, and so has the other library', async () => {
    const seed = toBase32(Buffer.from('12345678901234567890'));
    const at = 10_281 * 30_000;
    assert.equal(codeAt(fromBase32(seed), stepAt(at)), '092555');
    assert.equal(await otherTotp(seed, at), '092555');
  });

  describe('at Enable and Resync (iam-facts 2.2)', () => {
    const UserName = 'maya';
    const SerialNumber = mfaArn('maya');
    let stage: Stage;
    let iam: IAMClient;

    beforeEach(async () => {
      stage = await Stage.open();
      iam = stage.iam('admin-role');
      await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'maya' }));
    });
    afterEach(() => stage.close());

    const enableWith = (AuthenticationCode1: string, AuthenticationCode2: string) =>
      iam.send(new EnableMFADeviceCommand({ UserName, SerialNumber, AuthenticationCode1, AuthenticationCode2 }));
    const enableAt = async (first: number, second: number) =>
      enableWith(await stage.code(SerialNumber, first), await stage.code(SerialNumber, second));
    const deactivate = () => iam.send(new DeactivateMFADeviceCommand({ UserName, SerialNumber }));
    const resync = async (steps: number) =>
      iam.send(new ResyncMFADeviceCommand({ UserName, SerialNumber, ...(await stage.pair(SerialNumber, steps)) }));

    const accepted: [string, number, number][] = [
      ['the previous and the current code', -1, 0],
      ['the current and the next code', 0, 1],
      ['a phone hours behind', -900, -899],
      ['a phone hours ahead', 900, 901],
    ];
    for (const [what, first, second] of accepted) {
      it(`accepts ${what}`, async () => {
        await enableAt(first, second);
        const { MFADevices } = await iam.send(new ListMFADevicesCommand({ UserName }));
        assert.equal(MFADevices?.length, 1);
      });
    }

    const refused: [string, number, number][] = [
      ['reversed', 0, -1],
      ['equal', 0, 0],
      ['not adjacent', -2, 0],
      ['more than about 1000 steps behind', -1100, -1099],
      ['more than about 1000 steps ahead', 1100, 1101],
    ];
    for (const [what, first, second] of refused) {
      it(`refuses codes that are ${what}`, async () => {
        assert.deepEqual(await refusal(enableAt(first, second)), INVALID);
      });
    }

    it('refuses wrong codes', async () => {
      assert.deepEqual(await refusal(enableWith('000000', '000000')), INVALID);
    });

    it('wants a pair newer than the last accepted one', async () => {
      await enableAt(-1, 0);
      await deactivate();
      assert.deepEqual(await refusal(enableAt(-1, 0)), INVALID, 'the same codes once more');
      assert.deepEqual(await refusal(enableAt(-3, -2)), INVALID, 'an older pair');
      stage.advance(60_000);
      await enableAt(-1, 0);
    });

    it('wants a newer pair at Resync too, and leaves the date of enabling alone', async () => {
      await enableAt(-1, 0);
      const enabledAt = new Date(stage.now);
      assert.deepEqual(await refusal(resync(0)), INVALID);
      stage.advance(90_000);
      await resync(0);
      const { MFADevices } = await iam.send(new ListMFADevicesCommand({ UserName }));
      assert.deepEqual(MFADevices?.[0]?.EnableDate, enabledAt);
    });

    it('checks nine times in three minutes, good or bad alike', async () => {
      for (let attempt = 1; attempt <= 9; attempt++) {
        assert.deepEqual(await refusal(enableWith('000000', '000000')), INVALID);
      }
      assert.deepEqual(await refusal(enableAt(-1, 0)), INVALID, 'right codes, but the tenth attempt');
      stage.advance(3 * 60_000);
      await enableAt(-1, 0);
    });

    it('counts each device by itself', async () => {
      for (let attempt = 1; attempt <= 9; attempt++) {
        await refusal(enableWith('000000', '000000'));
      }
      const other = { UserName, SerialNumber: mfaArn('sam'), ...(await stage.pair(mfaArn('sam'))) };
      await iam.send(new EnableMFADeviceCommand(other));
    });
  });
});
