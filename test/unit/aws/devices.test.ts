import assert from 'node:assert/strict';
import type { Iam } from '../../../src/core/iam';
import { problem, serialOf, Setup } from '../practiceSetup';

const step = 30_000;

describe('devices, as AWS keeps them', () => {
  let setup: Setup;
  let iam: Iam;

  beforeEach(async () => {
    setup = await Setup.open();
    iam = await setup.iam();
  });
  afterEach(() => setup.close());

  const deviceOf = (serial: string) => setup.practice.devices().find((device) => device.serial === serial);
  const passkeyOf = (userName: string): string => {
    const serial = setup.devicesOf(userName).find((one) => one.includes(':u2f/'));
    assert.ok(serial !== undefined, `${userName} has a passkey`);
    return serial;
  };
  /** The code a device would show if its clock were right, or so many steps off. */
  const codeOf = (serial: string, steps = 0): Promise<string> =>
    setup.code(setup.practice.seedOf(serial) ?? '', setup.clock.now() + steps * step);

  describe('resync', () => {
    it('brings AWS and a device with a slow clock together, and leaves the date of enabling', async () => {
      const serial = serialOf('marcus');
      setup.practice.addCaller({
        name: 'marcus',
        identity: { kind: 'user', userName: 'marcus' },
        permissions: 'selfService',
      });
      const own = await setup.iam('marcus');
      const before = deviceOf(serial)?.enabledAt;
      assert.equal((await problem(own.mfaSession(serial, await codeOf(serial, -40)))).code, 'invalidCode');
      await iam.resyncMfaDevice('marcus', serial, await codeOf(serial, -41), await codeOf(serial, -40));
      await own.mfaSession(serial, await codeOf(serial, -40));
      assert.equal(deviceOf(serial)?.enabledAt, before);
    });

    it('needs no MFA session, though the device is the caller’s own', async () => {
      const serial = serialOf('marcus');
      setup.practice.addCaller({
        name: 'marcus',
        identity: { kind: 'user', userName: 'marcus' },
        permissions: 'selfService',
      });
      const own = await setup.iam('marcus');
      await own.resyncMfaDevice('marcus', serial, await codeOf(serial, -41), await codeOf(serial, -40));
      assert.equal(setup.count('ResyncMFADevice'), 1);
    });

    it('is refused with codes that do not follow each other', async () => {
      const serial = serialOf('marcus');
      const found = await problem(
        iam.resyncMfaDevice('marcus', serial, await codeOf(serial), await codeOf(serial, -1)),
      );
      assert.deepEqual(
        [found.code, found.operation, found.subject, found.awsCode],
        ['invalidCode', 'ResyncMFADevice', 'marcus', 'InvalidAuthenticationCode'],
      );
    });
  });

  describe('deactivating', () => {
    it('takes a device from its user, and leaves a virtual one in the account', async () => {
      await iam.deactivateMfaDevice('priya', serialOf('priya'));
      assert.ok(!setup.devicesOf('priya').includes(serialOf('priya')), 'it is no longer priya’s');
      assert.ok(setup.unassigned().includes(serialOf('priya')), 'it is unassigned');
    });

    it('takes a passkey and a hardware token too', async () => {
      await iam.deactivateMfaDevice('noah', passkeyOf('noah'));
      await iam.deactivateMfaDevice('elena', 'GAHT40718293');
      assert.deepEqual([setup.devicesOf('noah'), setup.devicesOf('elena')], [[], []]);
    });

    it('says that a device is not this user’s', async () => {
      const found = await problem(iam.deactivateMfaDevice('noah', serialOf('priya')));
      assert.deepEqual([found.code, found.subject], ['notFound', 'noah']);
      assert.ok(setup.devicesOf('priya').includes(serialOf('priya')), 'priya keeps it');
    });
  });

  describe('certifications', () => {
    it('of a passkey come by name', async () => {
      assert.deepEqual(
        await iam.deviceCertifications('priya', passkeyOf('priya')),
        new Map([
          ['FIDO', 'L2'],
          ['FIPS-140-2', 'L2'],
        ]),
      );
    });

    it('may be none', async () => {
      setup.relay.spoil('GetMFADevice', {
        kind: 'change',
        change: (body) => body.replace(/<Certifications>.*<\/Certifications>/s, ''),
      });
      assert.deepEqual(await iam.deviceCertifications('priya', passkeyOf('priya')), new Map());
    });

    it('are asked of the user it belongs to, and AWS has none of a virtual device', async () => {
      assert.equal((await problem(iam.deviceCertifications('noah', passkeyOf('priya')))).code, 'notFound');
      const found = await problem(iam.deviceCertifications('priya', serialOf('priya')));
      assert.deepEqual([found.code, found.subject], ['invalidInput', serialOf('priya')]);
    });
  });

  describe('tags', () => {
    const serial = serialOf('priya');

    it('are set, leaving the others, and taken away', async () => {
      assert.deepEqual(await iam.deviceTags(serial), new Map());
      await iam.tagDevice(
        serial,
        new Map([
          ['name', 'Priyas Gerät: Büro/2.OG @home'],
          ['place', ''],
        ]),
      );
      await iam.tagDevice(serial, new Map([['place', 'desk 4+1']]));
      assert.deepEqual(
        await iam.deviceTags(serial),
        new Map([
          ['name', 'Priyas Gerät: Büro/2.OG @home'],
          ['place', 'desk 4+1'],
        ]),
      );
      await iam.untagDevice(serial, ['name', 'never there']);
      assert.deepEqual(await iam.deviceTags(serial), new Map([['place', 'desk 4+1']]));
    });

    it('come whole, however short AWS’s pages are', async () => {
      await setup.close();
      setup = await Setup.open({ shortPages: true });
      iam = await setup.iam();
      const tags = new Map(Array.from({ length: 50 }, (_, index) => [`key ${index}`, String(index)]));
      await iam.tagDevice(serial, tags);
      assert.deepEqual(await iam.deviceTags(serial), tags);
      assert.ok(setup.count('ListMFADeviceTags') > 1, 'there was more than one page');
    });

    it('are of virtual devices alone', async () => {
      const passkey = passkeyOf('priya');
      const found = await Promise.all([
        problem(iam.deviceTags(passkey)),
        problem(iam.tagDevice(passkey, new Map([['name', 'x']]))),
        problem(iam.untagDevice(passkey, ['name'])),
      ]);
      assert.deepEqual(
        found.map(({ code, subject }) => [code, subject]),
        Array.from({ length: 3 }, () => ['notFound', passkey]),
      );
    });
  });

  const calls: readonly (readonly [operation: string, subject: () => string, call: () => Promise<unknown>])[] = [
    ['ResyncMFADevice', () => 'marcus', () => iam.resyncMfaDevice('marcus', serialOf('marcus'), '123456', '654321')],
    ['DeactivateMFADevice', () => 'priya', () => iam.deactivateMfaDevice('priya', serialOf('priya'))],
    ['GetMFADevice', () => passkeyOf('priya'), () => iam.deviceCertifications('priya', passkeyOf('priya'))],
    ['ListMFADeviceTags', () => serialOf('priya'), () => iam.deviceTags(serialOf('priya'))],
    ['TagMFADevice', () => serialOf('priya'), () => iam.tagDevice(serialOf('priya'), new Map([['name', 'phone']]))],
    ['UntagMFADevice', () => serialOf('priya'), () => iam.untagDevice(serialOf('priya'), ['name'])],
  ];
  for (const [operation, subject, call] of calls) {
    it(`${operation} that is refused names the permission`, async () => {
      setup.practice.faults.set({ kind: 'deny', operation });
      const found = await problem(call());
      assert.deepEqual(
        [found.code, found.operation, found.permission, found.subject],
        ['accessDenied', operation, `iam:${operation}`, subject()],
      );
    });
  }

  describe('a write goes out once', () => {
    const tagsOf = (name: string) => deviceOf(serialOf(name))?.tags.map(({ key }) => key);
    const writes: readonly (readonly [operation: string, call: () => Promise<void>, done: () => void])[] = [
      [
        'DeactivateMFADevice',
        () => iam.deactivateMfaDevice('priya', serialOf('priya')),
        () => assert.ok(setup.unassigned().includes(serialOf('priya')), 'it was deactivated'),
      ],
      [
        'TagMFADevice',
        () => iam.tagDevice(serialOf('priya'), new Map([['name', 'phone']])),
        () => assert.deepEqual(tagsOf('priya'), ['name']),
      ],
      [
        'UntagMFADevice',
        async () => {
          await iam.tagDevice(serialOf('priya'), new Map([['name', 'phone']]));
          await iam.untagDevice(serialOf('priya'), ['name']);
        },
        () => assert.deepEqual(tagsOf('priya'), []),
      ],
      [
        'ResyncMFADevice',
        async () => {
          const serial = serialOf('marcus');
          await iam.resyncMfaDevice('marcus', serial, await codeOf(serial, -41), await codeOf(serial, -40));
        },
        () => undefined,
      ],
    ];
    for (const [operation, call, done] of writes) {
      it(`${operation}, though its answer is lost`, async () => {
        setup.practice.faults.set({ kind: 'dropAnswer', operation });
        const found = await problem(call());
        assert.deepEqual([found.code, found.operation, setup.count(operation)], ['answerLost', operation, 1]);
        done();
      });

      it(`${operation}, though AWS has a fault`, async () => {
        setup.practice.faults.set({ kind: 'serverError', operation });
        const found = await problem(call());
        assert.deepEqual([found.code, setup.count(operation)], ['serviceFault', 1]);
      });
    }
  });

  it('reads are asked again, and stop when told to', async () => {
    setup.practice.faults.set({ kind: 'serverError', operation: 'ListMFADeviceTags', times: 1 });
    assert.deepEqual(await iam.deviceTags(serialOf('priya')), new Map());
    assert.equal(setup.count('ListMFADeviceTags'), 2);
    for (const [operation, read] of [
      ['ListMFADeviceTags', (signal: AbortSignal) => iam.deviceTags(serialOf('priya'), signal)],
      ['GetMFADevice', (signal: AbortSignal) => iam.deviceCertifications('priya', passkeyOf('priya'), signal)],
    ] as const) {
      const gate = setup.relay.hold(operation);
      const controller = new AbortController();
      const call = read(controller.signal);
      await gate.reached;
      controller.abort(new Error('enough'));
      await assert.rejects(call, /enough/);
    }
  });
});
