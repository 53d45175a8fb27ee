import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect } from '../../../src/aws/connect';
import { toProblem } from '../../../src/aws/problems';
import type { Iam } from '../../../src/core/iam';
import type { ProblemCode } from '../../../src/core/problem';
import type { Fault } from '../../../src/practice/faults';
import type { Mishap } from '../relay';
import { companyWith, practiceId, problem, serialOf, Setup } from '../practiceSetup';

describe('problems, from what AWS really answers', () => {
  let setup: Setup;
  let iam: Iam;

  beforeEach(async () => {
    setup = await Setup.open();
    iam = await setup.iam();
  });
  afterEach(() => setup.close());

  /** Deleting is a write, so it goes out once. */
  const remove = (name = 'sam') => iam.deleteVirtualMfaDevice(serialOf(name));
  const keys = (accessKeyId: string, secretAccessKey: string, endpoint = setup.relay.endpoint) =>
    connect({ kind: 'keys', endpoint, accessKeyId, secretAccessKey }, () => undefined);

  // iam-facts 1.2 and 1.7: each by its code on the wire, in a call that may give it.
  const codes: readonly (readonly [code: string, status: number, problem: ProblemCode])[] = [
    ['NoSuchEntity', 404, 'notFound'],
    ['EntityAlreadyExists', 409, 'alreadyExists'],
    ['EntityTemporarilyUnmodifiable', 409, 'temporarilyUnmodifiable'],
    ['InvalidAuthenticationCode', 403, 'invalidCode'],
    ['LimitExceeded', 409, 'limitExceeded'],
    ['DeleteConflict', 409, 'deleteConflict'],
    ['ConcurrentModification', 409, 'concurrentModification'],
    ['InvalidInput', 400, 'invalidInput'],
    ['ServiceFailure', 500, 'serviceFault'],
    ['AccessDenied', 403, 'accessDenied'],
    ['AccessDeniedException', 403, 'accessDenied'],
    ['Throttling', 400, 'throttled'],
    ['ExpiredToken', 403, 'expiredCredentials'],
    ['InvalidClientTokenId', 403, 'unknownKey'],
    ['SignatureDoesNotMatch', 403, 'wrongSecret'],
    ['RequestExpired', 400, 'clockOff'],
    ['IncompleteSignature', 400, 'wrongSecret'],
    ['MissingAuthenticationToken', 403, 'unknownKey'],
    ['OptInRequired', 403, 'accessDenied'],
    ['ValidationError', 400, 'invalidInput'],
    ['MalformedInput', 400, 'invalidInput'],
    ['ServiceUnavailable', 503, 'serviceFault'],
    ['InternalFailure', 500, 'serviceFault'],
    ['ReportNotPresent', 410, 'other'],
    ['SomethingNew', 400, 'other'],
    ['SomethingNew', 500, 'serviceFault'],
  ];
  for (const [code, status, expected] of codes) {
    it(`${code} ${status}: ${expected}, whatever the text says`, async () => {
      const message = 'User is not authorized; rate exceeded; already exists';
      setup.practice.faults.set({ kind: 'error', code, status, message, operation: 'DeleteVirtualMFADevice' });
      const found = await problem(remove());
      const { requestId, ...rest } = found;
      assert.match(requestId ?? '', /^[0-9a-f-]{36}$/);
      assert.deepEqual(rest, {
        code: expected,
        operation: 'DeleteVirtualMFADevice',
        subject: serialOf('sam'),
        status,
        awsCode: code,
        detail: message,
        ...(expected === 'accessDenied' && { permission: 'iam:DeleteVirtualMFADevice', resource: serialOf('sam') }),
      });
      assert.equal(setup.count('DeleteVirtualMFADevice'), 1);
    });
  }

  const faults: readonly (readonly [title: string, fault: Fault, expected: ProblemCode, status: number | undefined])[] =
    [
      ['a refused permission', { kind: 'deny', operation: 'DeleteVirtualMFADevice' }, 'accessDenied', 403],
      ['too many calls', { kind: 'throttle' }, 'throttled', 400],
      ['AWS’s own fault', { kind: 'serverError' }, 'serviceFault', 500],
      ['a session that ran out', { kind: 'expiredToken' }, 'expiredCredentials', 403],
      ['a proxy’s error page', { kind: 'html503' }, 'notAws', 503],
      ['an answer that is lost', { kind: 'dropAnswer' }, 'answerLost', undefined],
    ];
  for (const [title, fault, expected, status] of faults) {
    it(`${title}: ${expected}`, async () => {
      setup.practice.faults.set({ ...fault, operation: 'DeleteVirtualMFADevice' });
      const found = await problem(remove());
      assert.deepEqual([found.code, found.status], [expected, status]);
    });
  }

  const page = '<html><body><h1>Log in</h1></body></html>';
  const mishaps: readonly (readonly [title: string, mishap: Mishap, expected: ProblemCode])[] = [
    ['a log-in page that is good XML', { kind: 'answer', status: 200, type: 'text/html', body: page }, 'notAws'],
    [
      'a log-in page that is none',
      { kind: 'answer', status: 200, type: 'text/html', body: '<p>Log in<br></p>' },
      'notAws',
    ],
    ['nothing with a good status', { kind: 'answer', status: 200, type: 'text/xml', body: '' }, 'notAws'],
    ['another call’s answer', { kind: 'answer', status: 200, type: 'text/xml', body: '<GetRoleResponse/>' }, 'notAws'],
    ['JSON with a good status', { kind: 'answer', status: 200, type: 'application/json', body: '{}' }, 'notAws'],
    ['a proxy that wants a password', { kind: 'answer', status: 407, type: 'text/html', body: page }, 'proxyRefused'],
    ['a page that is not found', { kind: 'answer', status: 404, type: 'text/html', body: page }, 'notAws'],
    ['something that is not HTTP', { kind: 'garbage' }, 'notAws'],
    ['a connection that breaks', { kind: 'lost' }, 'answerLost'],
  ];
  for (const [title, mishap, expected] of mishaps) {
    it(`${title}: ${expected}, in every call, and the endpoint is named`, async () => {
      const calls: readonly (readonly [string, () => Promise<unknown>])[] = [
        ['GetCallerIdentity', () => iam.callerIdentity()],
        ['ListAccountAliases', () => iam.accountAlias()],
        ['GetAccountSummary', () => iam.accountSummary()],
        ['ListUsers', () => drain(iam.listUsers())],
        ['GetUser', () => iam.getUser('maya')],
        ['ListVirtualMFADevices', () => drain(iam.listVirtualMfaDevices())],
        ['ListMFADevices', () => iam.listMfaDevices('maya')],
        ['GetLoginProfile', () => iam.hasConsolePassword('maya')],
        ['GenerateCredentialReport', () => iam.credentialReport()],
        ['CreateVirtualMFADevice', () => iam.createVirtualMfaDevice('maya')],
        ['EnableMFADevice', () => iam.enableMfaDevice('maya', serialOf('sam'), '123456', '654321')],
        ['DeleteVirtualMFADevice', () => remove()],
        ['ResyncMFADevice', () => iam.resyncMfaDevice('maya', serialOf('sam'), '123456', '654321')],
        ['DeactivateMFADevice', () => iam.deactivateMfaDevice('maya', serialOf('sam'))],
        ['GetMFADevice', () => iam.deviceCertifications('maya', serialOf('sam'))],
        ['ListMFADeviceTags', () => iam.deviceTags(serialOf('sam'))],
        ['TagMFADevice', () => iam.tagDevice(serialOf('sam'), new Map([['name', 'phone']]))],
        ['UntagMFADevice', () => iam.untagDevice(serialOf('sam'), ['name'])],
        ['GetSessionToken', () => iam.mfaSession(serialOf('sam'), '123456')],
      ];
      await Promise.all(
        calls.map(async ([operation, call]) => {
          setup.relay.spoil(operation, mishap);
          const found = await problem(call());
          assert.deepEqual([found.operation, found.code, found.subject], [operation, expected, setup.relay.endpoint]);
          assert.equal(found.awsCode, undefined, 'AWS has not said anything');
        }),
      );
    });
  }

  it('nothing listens: unreachable', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.close();
    await once(server, 'close');
    const connection = await keys('AKIAIOSFODNN7EXAMPLE', 'secret', endpoint);
    const found = await problem(connection.iam.deleteVirtualMfaDevice(serialOf('sam')));
    assert.deepEqual([found.code, found.subject], ['unreachable', endpoint]);
    connection.dispose();
  });

  it('a name nobody knows: unreachable', async () => {
    const connection = await keys('AKIAIOSFODNN7EXAMPLE', 'secret', 'http://iam.invalid');
    const found = await problem(connection.iam.deleteVirtualMfaDevice(serialOf('sam')));
    assert.deepEqual([found.code, found.subject], ['unreachable', 'http://iam.invalid']);
    connection.dispose();
  });

  it('a wrong secret', async () => {
    const connection = await keys(setup.practice.caller('keeper').accessKeyId, 'not the secret');
    const found = await problem(connection.iam.callerIdentity());
    assert.deepEqual([found.code, found.awsCode], ['wrongSecret', 'SignatureDoesNotMatch']);
    assert.ok(!JSON.stringify(found).includes('not the secret'), 'the problem holds a secret');
    connection.dispose();
  });

  it('a key nobody knows', async () => {
    const connection = await keys('AKIAIOSFODNN7EXAMPLE', 'secret');
    assert.equal((await problem(connection.iam.callerIdentity())).code, 'unknownKey');
    connection.dispose();
  });

  it('what is known of no user, and of a user without a password', async () => {
    assert.equal((await problem(iam.getUser('nobody'))).code, 'notFound');
    assert.equal(await iam.hasConsolePassword('deploy-bot'), false);
    assert.equal(await iam.hasConsolePassword('theo'), true);
  });

  for (const [title, error, expected] of [
    ['no credentials', { name: 'CredentialsProviderError', message: 'none' }, 'noCredentials'],
    ['an SSO session that ran out', { name: 'TokenProviderError', message: 'sign in again' }, 'expiredCredentials'],
    ['a wait that was too long', { name: 'TimeoutError', message: 'too long' }, 'timedOut'],
    [
      'a certificate nobody trusts',
      { name: 'Error', code: 'SELF_SIGNED_CERT_IN_CHAIN', message: 'x' },
      'untrustedCertificate',
    ],
    ['settings that do not go together', { name: 'EndpointError', message: 'FIPS and custom endpoint' }, 'badConfig'],
    ['anything else', new Error('x'), 'other'],
    ['nothing at all', undefined, 'other'],
  ] as const) {
    it(`${title}, as the SDK throws it: ${expected}`, () => {
      const found = toProblem(error, 'ListUsers', { service: 'iam' });
      assert.deepEqual([found.code, found.awsCode], [expected, undefined]);
    });
  }

  it('a refusal of GetSessionToken is about the code, whatever the text says; of another call about a permission', () => {
    for (const message of ['invalid MFA one time pass code', 'explicit deny', '']) {
      const error = { name: 'AccessDenied', Code: 'AccessDenied', message, $metadata: { httpStatusCode: 403 } };
      const codeOf = (operation: string) => {
        const { code, permission } = toProblem(error, operation, { service: 'sts' });
        return [code, permission];
      };
      assert.deepEqual(codeOf('GetSessionToken'), ['invalidCode', undefined]);
      assert.deepEqual(codeOf('AssumeRole'), ['accessDenied', 'sts:AssumeRole']);
    }
  });

  describe('name what a refused call was about, as policies name it', () => {
    const user = (name: string) => `arn:aws:iam::${practiceId}:user/${name}`;
    const calls: readonly (readonly [operation: string, resource: string, call: () => Promise<unknown>])[] = [
      ['ListUsers', '*', () => drain(iam.listUsers())],
      ['ListVirtualMFADevices', '*', () => drain(iam.listVirtualMfaDevices())],
      ['GetAccountSummary', '*', () => iam.accountSummary()],
      ['ListAccountAliases', '*', () => iam.accountAlias()],
      ['GenerateCredentialReport', '*', () => iam.credentialReport()],
      ['GetUser', user('maya'), () => iam.getUser('maya')],
      ['GetLoginProfile', user('maya'), () => iam.hasConsolePassword('maya')],
      ['ListMFADevices', user('maya'), () => iam.listMfaDevices('maya')],
      ['EnableMFADevice', user('maya'), () => iam.enableMfaDevice('maya', serialOf('sam'), '123456', '654321')],
      ['ResyncMFADevice', user('maya'), () => iam.resyncMfaDevice('maya', serialOf('sam'), '123456', '654321')],
      ['DeactivateMFADevice', user('maya'), () => iam.deactivateMfaDevice('maya', serialOf('sam'))],
      ['GetMFADevice', user('priya'), () => iam.deviceCertifications('priya', serialOf('priya'))],
      ['CreateVirtualMFADevice', serialOf('maya'), () => iam.createVirtualMfaDevice('maya')],
      ['DeleteVirtualMFADevice', serialOf('sam'), () => iam.deleteVirtualMfaDevice(serialOf('sam'))],
      ['ListMFADeviceTags', serialOf('sam'), () => iam.deviceTags(serialOf('sam'))],
      ['TagMFADevice', serialOf('sam'), () => iam.tagDevice(serialOf('sam'), new Map([['name', 'phone']]))],
      ['GetRole', `arn:aws:iam::${practiceId}:role/Admin`, () => iam.roleArn('Admin')],
      ['UntagMFADevice', serialOf('sam'), () => iam.untagDevice(serialOf('sam'), ['name'])],
    ];
    for (const [operation, resource, call] of calls) {
      it(`${operation}: ${resource}`, async () => {
        await iam.callerIdentity();
        setup.practice.faults.set({ kind: 'deny', operation });
        const found = await problem(call());
        assert.deepEqual(
          [found.code, found.permission, found.resource],
          ['accessDenied', `iam:${operation}`, resource],
        );
      });
    }

    it('a user with the path that AWS listed', async () => {
      await setup.close();
      setup = await Setup.open({
        company: companyWith({ name: 'noor', path: '/clinic/', createdDaysAgo: 3 }),
      });
      iam = await setup.iam();
      await iam.callerIdentity();
      setup.practice.faults.set({ kind: 'deny', operation: 'ListMFADevices' });
      const resource = async () => (await problem(iam.listMfaDevices('noor'))).resource;
      assert.equal(await resource(), user('noor'), 'nobody has told the path yet');
      await drain(iam.listUsers());
      assert.equal(await resource(), user('clinic/noor'));
    });

    it('none while the account is not known', async () => {
      setup.practice.faults.set({ kind: 'deny', operation: 'GetUser' });
      assert.equal((await problem(iam.getUser('maya'))).resource, undefined);
    });
  });

  it('is about the endpoint where nothing answered, and about the user where AWS did', () => {
    const lost = { name: 'TimeoutError', message: 'x' };
    const refused = { name: 'AccessDenied', Code: 'AccessDenied', $metadata: { httpStatusCode: 403 } };
    const about = (error: unknown, endpoint?: string) =>
      toProblem(error, 'GetUser', { service: 'iam', subject: 'maya', ...(endpoint !== undefined && { endpoint }) })
        .subject;
    assert.equal(about(lost, 'http://127.0.0.1:1'), 'http://127.0.0.1:1');
    assert.equal(about(lost), undefined, 'AWS itself, not maya');
    assert.equal(about(refused, 'http://127.0.0.1:1'), 'maya');
  });

  it('keeps a long text short', () => {
    const { detail } = toProblem(new Error(`${'x'.repeat(1000)}\nsecond line`), 'ListUsers', { service: 'iam' });
    assert.equal(detail, `${'x'.repeat(300)}…`);
  });
});

async function drain(pages: AsyncIterable<unknown>): Promise<void> {
  for await (const page of pages) {
    assert.ok(page, 'a page');
  }
}
