import assert from 'node:assert/strict';
import { GetSessionTokenCommand } from '@aws-sdk/client-sts';
import type { Connection } from '../../../src/aws/connect';
import { listProfiles } from '../../../src/aws/profiles';
import { LazySources } from '../../../src/sources';
import { problem, serialOf, until } from '../practiceSetup';
import { MAIN, SISTER } from '../practice/signInStage';
import { Person, SignInHands } from './signInHands';

const serial = serialOf('priya');
const hour = 3_600_000;

describe('a role that wants a code', () => {
  let hands: SignInHands;

  beforeEach(async () => {
    hands = await SignInHands.open();
    await hands.stage.config({
      'profile base': hands.userKeys('priya'),
      'profile admin': roleSettings(hands.stage.main.roleArn('Administrator')),
      'profile again': roleSettings(hands.stage.main.roleArn('Administrator')),
      'profile labs': roleSettings(hands.stage.sister.roleArn('LabsAdministrator')),
    });
  });
  afterEach(() => hands.close());

  const roleSettings = (role: string, more: Readonly<Record<string, string>> = {}) => ({
    role_arn: role,
    role_session_name: 'me',
    source_profile: 'base',
    mfa_serial: serial,
    ...more,
  });
  /** Of a session of Priya's, as a profile has them. */
  const sessionKeys = () => {
    const { accessToken } = hands.stage.aws.signIn.loginToken({ caller: hands.stage.main.caller('priya-keys') });
    return {
      aws_access_key_id: accessToken.accessKeyId,
      aws_secret_access_key: accessToken.secretAccessKey,
      aws_session_token: accessToken.sessionToken,
    };
  };
  const by = (person: Person, attended = true) => ({ attended, sessions: person.sessions });
  const callerOf = (connection: Connection) => connection.iam.callerIdentity();
  const load = async (profile: string, person: Person, attended = true) =>
    callerOf(await hands.connect(profile, by(person, attended)));

  it('asks for it, saying for what', async () => {
    const person = new Person([await hands.code(serial)]);
    const caller = await load('admin', person);
    assert.equal(caller.arn, `arn:aws:sts::${MAIN}:assumed-role/Administrator/me`);
    assert.deepEqual(person.questions, [
      { serial, profile: 'admin', accountId: MAIN, roleArn: hands.stage.main.roleArn('Administrator') },
    ]);
  });

  it('asks once for three profiles that are read at the same time, in two accounts', async () => {
    const person = new Person([() => hands.code(serial)]);
    const callers = await Promise.all(['admin', 'again', 'labs'].map((profile) => load(profile, person)));
    assert.deepEqual(
      callers.map(({ accountId }) => accountId),
      [MAIN, MAIN, SISTER],
    );
    assert.equal(person.questions.length, 1);
    assert.equal(hands.count('GetSessionToken'), 1);
  });

  it('asks no more while the session is good, whatever connection needs it, attended or not', async () => {
    const person = new Person([await hands.code(serial)]);
    const connection = await hands.connect('admin', by(person));
    await callerOf(connection);
    await connection.reread();
    await callerOf(connection);
    await load('labs', person, false);
    assert.equal(hands.count('AssumeRole'), 3);
    assert.equal(person.questions.length, 1);
  });

  it('asks again once the session has run out', async () => {
    let now = Date.now();
    const person = new Person([() => hands.code(serial), () => hands.code(serial, 1)], () => now);
    await load('admin', person);
    now += 11.9 * hour;
    await load('again', person, false);
    now += 0.1 * hour;
    assert.equal((await problem(load('again', person, false))).code, 'codeNeeded');
    await load('again', person);
    assert.equal(person.questions.length, 2);
  });

  it('asks again where AWS does not know the session any more', async () => {
    const person = new Person([() => hands.code(serial), () => hands.code(serial, 1)]);
    await load('admin', person);
    hands.stage.aws.signIn.expireSessions();
    await load('labs', person);
    assert.equal(person.questions.length, 2);
  });

  it('asks again where the role wants a younger code than that of the session', async () => {
    let now = Date.now();
    const person = new Person([() => hands.code(serial), () => hands.code(serial, 1)], () => now);
    await load('admin', person);
    const refuseOnce = () =>
      hands.stage.main.faults.set({
        kind: 'error',
        operation: 'AssumeRole',
        code: 'AccessDenied',
        status: 403,
        message: 'x',
        times: 1,
      });
    refuseOnce();
    assert.equal((await problem(load('labs', person))).code, 'accessDenied', 'the code is young');
    now += 1.1 * hour;
    refuseOnce();
    assert.equal((await problem(load('labs', person, false))).code, 'accessDenied', 'nobody is there');
    refuseOnce();
    await load('labs', person);
    assert.equal(person.questions.length, 2);
  });

  it('takes the device of the profile with the keys, where the role’s names none', async () => {
    await hands.stage.config({
      'profile base': { ...hands.userKeys('priya'), mfa_serial: serial },
      'profile admin': { role_arn: hands.stage.main.roleArn('Administrator'), source_profile: 'base' },
    });
    const person = new Person([await hands.code(serial)]);
    await load('admin', person);
    assert.equal(person.questions[0]?.serial, serial);
  });

  it('asks nobody for that device where those keys are a session’s already', async () => {
    const administrator = { role_arn: hands.stage.main.roleArn('Administrator'), source_profile: 'base' };
    const sessionOfCode = await hands.stage
      .sts(hands.stage.main.caller('priya-keys'))
      .send(new GetSessionTokenCommand({ SerialNumber: serial, TokenCode: await hands.code(serial) }));
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = sessionOfCode.Credentials ?? {};
    await hands.stage.config({
      'profile base': {
        aws_access_key_id: AccessKeyId,
        aws_secret_access_key: SecretAccessKey,
        aws_session_token: SessionToken,
        mfa_serial: serial,
      },
      'profile admin': administrator,
    });
    const caller = await load('admin', new Person([]));
    assert.match(caller.arn, /assumed-role\/Administrator\//);
    const { profiles } = await listProfiles();
    assert.equal(profiles.find(({ name }) => name === 'admin')?.mfaSerial, undefined, 'the list says it asks');
  });

  it('asks nobody for a role that names no device: AWS says what it thinks of that', async () => {
    await hands.stage.config({
      'profile base': hands.userKeys('priya'),
      'profile admin': { role_arn: hands.stage.main.roleArn('Administrator'), source_profile: 'base' },
    });
    assert.equal((await problem(load('admin', new Person([])))).code, 'accessDenied');
  });

  describe('takes a code that AWS refuses for', () => {
    it('a wrong one, where the device is the user’s', async () => {
      const person = new Person([() => hands.code(serial, -30), () => hands.code(serial)]);
      await load('admin', person);
      assert.deepEqual(person.refusals, [undefined, 'wrong']);
      assert.equal(hands.count('GetSessionToken'), 2);
    });

    it('one that was used, and sends it no second time', async () => {
      const code = await hands.code(serial, -30);
      const person = new Person([code, code, () => hands.code(serial)]);
      await load('admin', person);
      assert.deepEqual(person.refusals, [undefined, 'wrong', 'used']);
      assert.equal(hands.count('GetSessionToken'), 2);
    });

    it('one that was used before, in another sign-in', async () => {
      const code = await hands.code(serial);
      const person = new Person([code, code, () => hands.code(serial, 1)]);
      await load('admin', person);
      // Other keys of the same user have a session of their own.
      hands.stage.main.addCaller({
        name: 'other',
        identity: { kind: 'user', userName: 'priya' },
        permissions: 'everything',
      });
      await hands.stage.config({
        'profile base': hands.keysOf('other'),
        'profile admin': roleSettings(hands.stage.main.roleArn('Administrator')),
      });
      await load('admin', person);
      assert.deepEqual(person.refusals, [undefined, undefined, 'used']);
    });

    it('one of a device that is not the user’s', async () => {
      const other = serialOf('marcus');
      await hands.stage.config({
        'profile base': hands.userKeys('priya'),
        'profile admin': roleSettings(hands.stage.main.roleArn('Administrator'), { mfa_serial: other }),
      });
      const person = new Person([() => hands.code(other), undefined]);
      const found = await problem(load('admin', person));
      assert.equal(found.code, 'codeNeeded', JSON.stringify(found));
      assert.deepEqual(person.refusals, [undefined, 'unknownDevice']);
    });

    it('one of which nobody knows, where the devices may not be listed', async () => {
      hands.stage.main.faults.set({ kind: 'deny', operation: 'ListMFADevices' });
      const person = new Person([() => hands.code(serial, -30), () => hands.code(serial)]);
      await load('admin', person);
      assert.deepEqual(person.refusals, [undefined, 'notTold']);
    });

    it('one of these, whatever AWS’s text says', async () => {
      const message = 'not authorized to perform: sts:GetSessionToken with an explicit deny';
      const code = 'AccessDenied';
      hands.stage.main.faults.set({
        kind: 'error',
        operation: 'GetSessionToken',
        code,
        status: 403,
        message,
        times: 1,
      });
      const person = new Person([() => hands.code(serial), () => hands.code(serial, 1)]);
      await load('admin', person);
      assert.deepEqual(person.refusals, [undefined, 'wrong']);
    });
  });

  it('does not ask again where it is not the code: that is said', async () => {
    hands.stage.main.faults.set({ kind: 'throttle', operation: 'GetSessionToken' });
    const person = new Person([() => hands.code(serial)]);
    const found = await problem(load('admin', person));
    assert.deepEqual([found.code, found.operation], ['throttled', 'GetSessionToken']);
    assert.equal(hands.count('GetSessionToken'), 1, 'a code goes out once');
  });

  it('is not had where the person thinks better of it; all who wait hear of it, and later they are asked again', async () => {
    let answer: (code: string | undefined) => void = () => undefined;
    const person = new Person([() => new Promise((resolve) => (answer = resolve)), () => hands.code(serial)]);
    const waitingFor = countSessions(person);
    const waiting = Promise.all(['admin', 'again', 'labs'].map((profile) => problem(load(profile, person))));
    await until(() => person.questions.length === 1 && waitingFor() === 3);
    answer(undefined);
    assert.deepEqual(
      (await waiting).map(({ code, subject }) => [code, subject]),
      Array.from({ length: 3 }, () => ['codeNeeded', serial]),
    );
    assert.deepEqual(hands.stage.operations, [], 'nothing was sent');
    await load('admin', person);
    assert.equal(person.questions.length, 2);
  });

  it('asks nobody where nobody is there', async () => {
    const person = new Person([]);
    const found = await problem(load('admin', person, false));
    assert.deepEqual([found.code, found.subject], ['codeNeeded', serial]);
    assert.deepEqual(person.questions, []);
    assert.deepEqual(hands.stage.operations, [], 'nothing was sent');
  });

  it('is had by whoever joins a question that is being asked, though nobody is there for them', async () => {
    let answer: (code: string | undefined) => void = () => undefined;
    const person = new Person([() => new Promise((resolve) => (answer = resolve))]);
    const attended = load('admin', person);
    await until(() => person.questions.length === 1);
    const waitingFor = countSessions(person);
    const unattended = load('labs', person, false);
    await until(() => waitingFor() === 1);
    answer(await hands.code(serial));
    assert.deepEqual(
      (await Promise.all([attended, unattended])).map(({ accountId }) => accountId),
      [MAIN, SISTER],
    );
  });

  it('asks only the one who waits for the first keys: later nobody may be there', async () => {
    let now = Date.now();
    const person = new Person([() => hands.code(serial)], () => now);
    const connection = await hands.connect('admin', by(person));
    await callerOf(connection);
    now += 13 * hour;
    connection.forgetKeys();
    assert.equal((await problem(callerOf(connection))).code, 'codeNeeded');
  });

  it('is not had with a passkey, and nobody is asked', async () => {
    const passkey = `arn:aws:iam::${MAIN}:u2f/user/priya/work-key-ABCDEFGHIJ`;
    await hands.stage.config({
      'profile base': hands.userKeys('priya'),
      'profile admin': roleSettings(hands.stage.main.roleArn('Administrator'), { mfa_serial: passkey }),
    });
    for (const attended of [true, false]) {
      const person = new Person([]);
      const found = await problem(load('admin', person, attended));
      assert.deepEqual([found.code, found.subject], ['passkeyCannotSignIn', passkey]);
      assert.deepEqual(person.questions, []);
    }
    assert.deepEqual(hands.stage.operations, [], 'nothing was sent');
  });

  it('sends the code with the role itself where the keys are a session’s already', async () => {
    await hands.stage.config({
      'profile base': sessionKeys(),
      'profile admin': roleSettings(hands.stage.main.roleArn('Administrator')),
    });
    const person = new Person([() => hands.code(serial, -30), () => hands.code(serial)]);
    const caller = await load('admin', person);
    assert.equal(caller.arn, `arn:aws:sts::${MAIN}:assumed-role/Administrator/me`);
    assert.equal(hands.count('GetSessionToken'), 0);
    assert.equal(person.questions.length, 2);
    hands.stage.main.faults.set({ kind: 'throttle', operation: 'AssumeRole' });
    const before = hands.count('AssumeRole');
    const other = new Person([() => hands.code(serial, 1)]);
    assert.equal((await problem(load('admin', other))).code, 'throttled');
    assert.equal(hands.count('AssumeRole') - before, 1, 'a code goes out once');
  });

  it('has a session of its own there for each name, external id and duration, and shares that of another profile', async () => {
    const administrator = hands.stage.main.roleArn('Administrator');
    await hands.stage.config({
      'profile base': sessionKeys(),
      'profile admin': roleSettings(administrator),
      'profile same': roleSettings(administrator),
      'profile named': roleSettings(administrator, { role_session_name: 'alice' }),
      'profile external': roleSettings(administrator, { external_id: 'from-acme' }),
      'profile short': roleSettings(administrator, { duration_seconds: '900' }),
    });
    const person = new Person([-1, 0, 1].map((steps) => () => hands.code(serial, steps)));
    await load('admin', person);
    await load('same', person);
    assert.equal(person.questions.length, 1);
    assert.match((await load('named', person)).arn, /Administrator\/alice$/);
    assert.equal(person.questions.length, 2);
    await load('external', person);
    assert.equal(person.questions.length, 3);
    assert.equal((await problem(load('short', person, false))).code, 'codeNeeded');
  });

  it('shares one there between profiles that name no session', async () => {
    const unnamed = { role_arn: hands.stage.main.roleArn('Administrator'), source_profile: 'base', mfa_serial: serial };
    await hands.stage.config({
      'profile base': sessionKeys(),
      'profile admin': unnamed,
      'profile same': unnamed,
    });
    const person = new Person([() => hands.code(serial)]);
    await load('admin', person);
    await load('same', person);
    assert.equal(person.questions.length, 1);
  });

  for (const [title, ahead] of [
    ['behind', hour],
    ['ahead', -hour],
  ] as const) {
    it(`is had by one code where this computer’s clock is an hour ${title}`, async () => {
      hands.stage.advance(ahead);
      const person = new Person([() => hands.code(serial, ahead / 30_000)]);
      const connection = await hands.connect('admin', by(person));
      await callerOf(connection);
      await callerOf(connection);
      assert.deepEqual(person.refusals, [undefined]);
      assert.equal(hands.count('AssumeRole'), 1, 'the role’s session is good for an hour by either clock');
    });
  }

  it('tells the log of each call, and nothing of codes, keys or sessions', async () => {
    const codes = [await hands.code(serial, -30), await hands.code(serial)];
    const person = new Person([...codes]);
    await load('admin', person);
    assert.deepEqual(
      hands.records.map(({ operation, error }) => [operation, error]),
      [
        ['GetSessionToken', 'AccessDenied'],
        ['ListMFADevices', undefined],
        ['GetSessionToken', undefined],
        ['AssumeRole', undefined],
        ['GetCallerIdentity', undefined],
      ],
    );
    const told = JSON.stringify(hands.records);
    for (const secret of [...codes, ...Object.values(hands.keysOf('priya-keys'))]) {
      assert.ok(!told.includes(secret), 'the log holds a secret');
    }
  });

  describe('as the extension opens it', () => {
    it('asks once for all, and follows files that change', async () => {
      const lines: string[] = [];
      const note = (line: string) => void lines.push(line);
      const person = new Person([() => hands.code(serial)]);
      const sources = new LazySources({ info: note, warn: note }, { prompts: person.prompts });
      let changes = 0;
      sources.onDidChangeFiles(() => changes++);
      try {
        const connections = await Promise.all(
          ['admin', 'labs'].map((profile) => sources.connect({ kind: 'profile', profile }, true)),
        );
        const accounts = async () =>
          (await Promise.all(connections.map(({ iam }) => iam.callerIdentity()))).map(({ accountId }) => accountId);
        assert.deepEqual(await accounts(), [MAIN, SISTER]);
        assert.equal(person.questions.length, 1);
        const assumed = hands.count('AssumeRole');
        await hands.stage.config({
          'profile base': hands.keysOf('priya-keys'),
          'profile admin': roleSettings(hands.stage.main.roleArn('Administrator')),
          'profile labs': roleSettings(hands.stage.main.roleArn('Administrator')),
        });
        await until(() => changes > 0 && connections.some(({ outdated }) => outdated));
        assert.deepEqual(
          connections.map(({ outdated }) => outdated),
          [false, true],
        );
        await connections[0]?.iam.callerIdentity();
        assert.equal(hands.count('AssumeRole'), assumed + 1, 'the keys in hand were forgotten');
        assert.equal(person.questions.length, 1, 'the session was not');
        assert.ok(!lines.some((line) => /\d{6}\b.*code|AKIA|ASIA/.test(line)), 'the log holds a secret');
      } finally {
        await sources.end();
      }
    });

    it('reads the files that were chosen', async () => {
      const config = await hands.stage.write(
        'elsewhere',
        `[profile mine]\nregion = us-east-1\naws_access_key_id = ${hands.keysOf('keeper')['aws_access_key_id'] ?? ''}\n` +
          `aws_secret_access_key = ${hands.keysOf('keeper')['aws_secret_access_key'] ?? ''}\n`,
      );
      const note = () => undefined;
      const sources = new LazySources({ info: note, warn: note }, { files: () => ({ config }) });
      try {
        assert.deepEqual(
          (await sources.profiles()).profiles.map(({ name }) => name),
          ['mine'],
        );
        const { iam } = await sources.connect({ kind: 'profile', profile: 'mine' }, true);
        assert.equal((await iam.callerIdentity()).userName, 'jordan');
      } finally {
        await sources.end();
      }
    });
  });
});

/** @returns how often a session was asked for since */
function countSessions({ sessions }: Person): () => number {
  let count = 0;
  const ask = sessions.session.bind(sessions);
  sessions.session = (key, use) => {
    count++;
    return ask(key, use);
  };
  return () => count;
}
