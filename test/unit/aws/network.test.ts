import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { GetUserCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { Clients } from '../../../src/aws/clients';
import { Paces } from '../../../src/aws/pace';
import { readSignIn } from '../../../src/aws/signInReading';
import { systemClock } from '../../../src/core/clock';
import type { Iam } from '../../../src/core/iam';
import { ssoTokenFileName } from '../../../src/practice/signIn';
import { problem, serialOf, until } from '../practiceSetup';
import { selfSigned } from '../practice/certificate';
import { MAIN } from '../practice/signInStage';
import { Relay } from '../relay';
import { Person, SignInHands } from './signInHands';

const admin = `arn:aws:iam::${MAIN}:user/jordan`;

/** The part of a client's middleware that stops a call here. */
interface Stack {
  add(
    middleware: () => (args: { readonly request: unknown }) => never,
    options: { readonly step: 'finalizeRequest'; readonly priority: 'low' },
  ): void;
}

describe('the way to AWS', () => {
  let hands: SignInHands;

  describe('with a certificate of one’s own', () => {
    const { key, cert } = selfSigned();
    let bundle: string;

    beforeEach(async () => {
      hands = await SignInHands.open({ tls: { key, cert }, hostname: 'localhost' });
      bundle = await hands.stage.write('company ca.pem', cert);
    });
    afterEach(() => hands.close());

    const whoIs = async (profile?: string) => (await (await hands.connect(profile)).iam.callerIdentity()).arn;
    const role = () => ({
      role_arn: hands.stage.main.roleArn('SecurityAudit'),
      role_session_name: 'me',
      source_profile: 'work',
    });

    it('is not trusted by itself: that and where', async () => {
      await hands.stage.config({ 'profile work': hands.keysOf('keeper'), 'profile audit': role() });
      const found = await problem(whoIs('work'));
      assert.deepEqual([found.code, found.subject], ['untrustedCertificate', hands.stage.aws.endpoint]);
      const ofRole = await problem(whoIs('audit'));
      assert.deepEqual([ofRole.code, ofRole.operation], ['untrustedCertificate', 'AssumeRole']);
    });

    for (const [title, settings, variable] of [
      ['the profile’s ca_bundle', true, false],
      ['AWS_CA_BUNDLE', false, true],
    ] as const) {
      it(`is trusted by ${title}, in every call`, async () => {
        const more = { ...(settings && { ca_bundle: bundle }) };
        if (variable) {
          process.env['AWS_CA_BUNDLE'] = bundle;
        }
        const session = `tls-${title.length}`;
        await hands.stage.config({
          'profile work': { ...hands.keysOf('keeper'), ...more },
          'profile audit': { ...role(), ...more },
          'profile corp': { sso_session: session, sso_account_id: MAIN, sso_role_name: 'SecurityAudit', ...more },
          [`sso-session ${session}`]: {
            sso_start_url: hands.stage.aws.signIn.startUrl,
            sso_region: hands.stage.aws.signIn.region,
          },
        });
        const token = hands.stage.aws.signIn.ssoToken({ expiresInSeconds: 60 });
        await hands.stage.write(`.aws/sso/cache/${ssoTokenFileName(session)}`, JSON.stringify(token));
        const connection = await hands.connect('work');
        assert.equal((await connection.iam.callerIdentity()).arn, admin);
        assert.equal((await connection.iam.getUser('maya')).name, 'maya');
        assert.match(await whoIs('audit'), /assumed-role\/SecurityAudit\/me$/);
        assert.match(await whoIs('corp'), /AWSReservedSSO_SecurityAudit/);
        assert.ok(hands.stage.operations.includes('CreateToken'), 'the token was renewed too');
      });
    }

    /** Begins a write that AWS takes a while for. Settles once it is there. */
    const slowWrite = async (iam: Iam): Promise<{ readonly done: Promise<string> }> => {
      const { faults } = hands.stage.main;
      faults.set({ kind: 'latency', operation: 'CreateVirtualMFADevice', ms: 500, times: 1 });
      const done = iam.createVirtualMfaDevice('for-maya').then(({ serial }) => serial);
      done.catch(() => undefined);
      await until(() => faults.active.length === 0);
      return { done };
    };

    it('is trusted by clients that end without taking a write with them: those of a session', async () => {
      const serial = serialOf('priya');
      await hands.stage.config({ 'profile work': { ...hands.userKeys('priya'), ca_bundle: bundle } });
      const { iam } = await hands.connect('work');
      const session = await iam.mfaSession(serial, await hands.code(serial));
      await session.iam.getUser('maya');
      const { done } = await slowWrite(iam);
      session.end();
      assert.equal(await done, serialOf('for-maya'));
    });

    it('is trusted by clients that end without taking a write with them: those of a sign-in', async () => {
      const serial = serialOf('priya');
      const administrator = { role_arn: hands.stage.main.roleArn('Administrator'), mfa_serial: serial };
      await hands.stage.config({
        'profile work': hands.userKeys('priya'),
        'profile admin': { ...role(), ...administrator, ca_bundle: bundle },
      });
      const { sessions } = new Person([await hands.code(serial)]);
      const connection = await hands.connect('admin', { attended: true, sessions });
      await connection.iam.callerIdentity();
      const { done } = await slowWrite(connection.iam);
      await connection.reread();
      await connection.iam.getUser('maya');
      assert.equal(hands.count('AssumeRole'), 2);
      assert.equal(await done, serialOf('for-maya'));
    });

    it('is trusted beside those that Node trusts by itself, not in their place', async () => {
      const { trusting } = await import('../../../src/aws/certificates');
      const { rootCertificates } = await import('node:tls');
      const { ca } = await trusting(bundle);
      assert.ok(Array.isArray(ca) && rootCertificates.every((root) => ca.includes(root)), 'a root is missing');
    });

    it('and what NODE_EXTRA_CA_CERTS names is still trusted', async () => {
      const { trusting } = await import('../../../src/aws/certificates');
      const others = selfSigned().cert;
      process.env['NODE_EXTRA_CA_CERTS'] = await hands.stage.write('extra.pem', others);
      const { ca } = await trusting(bundle);
      // From Node 22.15 on Node says itself what it was started with.
      const { getCACertificates } = (await import('node:tls')) as { readonly getCACertificates?: unknown };
      assert.ok(getCACertificates !== undefined || (Array.isArray(ca) && ca.includes(others)), 'it is not');
    });

    for (const [title, kind, write] of [
      ['is not there', 'certificatesUnreadable', () => Promise.resolve('/nowhere/ca.pem')],
      ['holds none', 'noCertificates', () => hands.stage.write('ca.pem', 'no certificate at all')],
      [
        'holds a broken one',
        'noCertificates',
        () => hands.stage.write('ca.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'),
      ],
    ] as const) {
      it(`cannot come from a file that ${title}: which`, async () => {
        const file = await write();
        await hands.stage.config({ 'profile work': { ...hands.keysOf('keeper'), ca_bundle: file } });
        const found = await problem(hands.connect('work'));
        assert.deepEqual([found.code, found.subject], ['badConfig', file]);
        assert.deepEqual(found.fault, { kind, file });
      });
    }
  });

  describe('past a proxy that wants to know who asks', () => {
    let proxy: Server;
    let endpoint: string;

    beforeEach(async () => {
      hands = await SignInHands.open();
      proxy = createServer((_, answer) => void answer.writeHead(407, { 'content-type': 'text/html' }).end('<p>Who?'));
      proxy.listen(0, '127.0.0.1');
      await once(proxy, 'listening');
      endpoint = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    });
    afterEach(async () => {
      await hands.close();
      proxy.closeAllConnections();
      proxy.close();
    });

    it('says so, of every kind of call', async () => {
      const session = 'behind-a-proxy';
      await hands.stage.config({
        'profile work': hands.keysOf('keeper'),
        'profile audit': { role_arn: hands.stage.main.roleArn('SecurityAudit'), source_profile: 'work' },
        'profile corp': { sso_session: session, sso_account_id: MAIN, sso_role_name: 'SecurityAudit' },
        [`sso-session ${session}`]: { sso_start_url: 'https://corp.example/start', sso_region: 'us-east-1' },
      });
      await hands.stage.write(
        `.aws/sso/cache/${ssoTokenFileName(session)}`,
        JSON.stringify(hands.stage.aws.signIn.ssoToken()),
      );
      for (const name of ['IAM', 'STS', 'SSO']) {
        process.env[`AWS_ENDPOINT_URL_${name}`] = endpoint;
      }
      for (const [profile, operation] of [
        ['work', 'GetCallerIdentity'],
        ['audit', 'AssumeRole'],
        ['corp', 'GetRoleCredentials'],
      ] as const) {
        const { iam } = await hands.connect(profile);
        const found = await problem(iam.callerIdentity());
        assert.deepEqual(
          [found.code, found.operation, found.subject, found.status],
          ['proxyRefused', operation, endpoint, 407],
        );
      }
    });
  });

  describe('leads', () => {
    beforeEach(async () => {
      hands = await SignInHands.open();
    });
    afterEach(() => hands.close());

    const withoutVariables = (): void => {
      for (const name of Object.keys(hands.stage.aws.environment)) {
        Reflect.deleteProperty(process.env, name);
      }
    };
    /** The hosts that IAM and STS are called at, as the SDK makes them out. Nothing is sent. */
    const hosts = async (chosen: string | undefined): Promise<readonly string[]> => {
      const { region, profile, iamEndpoint, stsEndpoint } = await readSignIn(chosen);
      const clients = new Clients(
        {
          region,
          profile,
          iamEndpoint,
          stsEndpoint,
          tls: undefined,
          apart: false,
          onCall: () => undefined,
          paces: new Paces(systemClock),
        },
        { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' },
      );
      const reached: string[] = [];
      const stopAt = (index: number) => ({
        applyToStack: (stack: Stack) =>
          stack.add(
            () =>
              ({ request }) => {
                reached[index] = (request as { readonly hostname: string }).hostname;
                throw new Error('far enough');
              },
            { step: 'finalizeRequest', priority: 'low' },
          ),
      });
      clients.reads.middlewareStack.use(stopAt(0));
      clients.writes.middlewareStack.use(stopAt(1));
      clients.sts.middlewareStack.use(stopAt(2));
      clients.stsOnce.middlewareStack.use(stopAt(3));
      await Promise.allSettled([
        clients.reads.send(new GetUserCommand({})),
        clients.writes.send(new GetUserCommand({})),
        clients.sts.send(new GetCallerIdentityCommand({})),
        clients.stsOnce.send(new GetCallerIdentityCommand({})),
      ]);
      clients.close();
      const [reads, writes, sts, stsOnce] = reached;
      assert.deepEqual([reads, sts], [writes, stsOnce]);
      return [reads ?? '', sts ?? ''];
    };

    const fips = { use_fips_endpoint: 'true' };
    const dualstack = { use_dualstack_endpoint: 'true' };
    // iam-facts 1.10; the rest is what the SDK's own table says.
    const places: readonly (readonly [settings: Readonly<Record<string, string>>, iam: string, sts: string])[] = [
      [{ region: 'us-east-1' }, 'iam.amazonaws.com', 'sts.us-east-1.amazonaws.com'],
      [{ region: 'eu-central-1' }, 'iam.amazonaws.com', 'sts.eu-central-1.amazonaws.com'],
      [{ region: 'us-gov-west-1' }, 'iam.us-gov.amazonaws.com', 'sts.us-gov-west-1.amazonaws.com'],
      [{ region: 'us-gov-east-1' }, 'iam.us-gov.amazonaws.com', 'sts.us-gov-east-1.amazonaws.com'],
      [{ region: 'cn-north-1' }, 'iam.cn-north-1.amazonaws.com.cn', 'sts.cn-north-1.amazonaws.com.cn'],
      [{ region: 'cn-northwest-1' }, 'iam.cn-north-1.amazonaws.com.cn', 'sts.cn-northwest-1.amazonaws.com.cn'],
      [{ region: 'eusc-de-east-1' }, 'iam.eusc-de-east-1.amazonaws.eu', 'sts.eusc-de-east-1.amazonaws.eu'],
      [{ region: 'us-iso-east-1' }, 'iam.us-iso-east-1.c2s.ic.gov', 'sts.us-iso-east-1.c2s.ic.gov'],
      [{ region: 'us-east-1', ...fips }, 'iam-fips.amazonaws.com', 'sts-fips.us-east-1.amazonaws.com'],
      [{ region: 'us-gov-west-1', ...fips }, 'iam.us-gov.amazonaws.com', 'sts.us-gov-west-1.amazonaws.com'],
      [{ region: 'eu-west-1', ...dualstack }, 'iam.global.api.aws', 'sts.eu-west-1.api.aws'],
      [{ region: 'us-east-1', ...fips, ...dualstack }, 'iam-fips.global.api.aws', 'sts-fips.us-east-1.api.aws'],
    ];
    for (const [settings, iam, sts] of places) {
      it(`to ${iam} and ${sts} with ${JSON.stringify(settings)}`, async () => {
        withoutVariables();
        await hands.stage.config({ 'profile work': settings, default: { region: 'ap-south-1' } });
        assert.deepEqual(await hosts('work'), [iam, sts]);
        process.env['AWS_PROFILE'] = 'work';
        assert.deepEqual(await hosts(undefined), [iam, sts], 'by the environment');
        Reflect.deleteProperty(process.env, 'AWS_PROFILE');
        process.env['AWS_DEFAULT_PROFILE'] = 'work';
        assert.deepEqual(await hosts(undefined), [iam, sts], 'by the environment, for the AWS CLI');
      });
    }

    it('where the environment says, whatever the profile says', async () => {
      withoutVariables();
      Object.assign(process.env, { AWS_USE_FIPS_ENDPOINT: 'true', AWS_USE_DUALSTACK_ENDPOINT: 'true' });
      await hands.stage.config({ 'profile work': { use_fips_endpoint: 'false', use_dualstack_endpoint: 'false' } });
      assert.deepEqual(await hosts('work'), ['iam-fips.global.api.aws', 'sts-fips.us-east-1.api.aws']);
    });

    it('nowhere with an endpoint of one’s own and FIPS, which do not go together', async () => {
      await hands.stage.config({ 'profile work': { ...hands.keysOf('keeper'), ...fips } });
      const found = await problem((await hands.connect('work')).iam.callerIdentity());
      assert.equal(found.code, 'badConfig');
    });

    it('into the practice account, whatever the environment says of FIPS and dual stack', async () => {
      Object.assign(process.env, { AWS_USE_FIPS_ENDPOINT: 'true', AWS_USE_DUALSTACK_ENDPOINT: 'true' });
      const { connect } = await import('../../../src/aws/connect');
      const { accessKeyId, secretAccessKey } = hands.stage.main.caller('keeper');
      const { endpoint } = hands.stage.aws;
      const connection = await connect({ kind: 'keys', endpoint, accessKeyId, secretAccessKey }, () => undefined);
      assert.equal((await connection.iam.callerIdentity()).arn, admin);
      connection.dispose();
    });

    it('there as often as the profile says', async () => {
      hands.stage.main.faults.set({ kind: 'serverError', operation: 'GetUser' });
      await hands.stage.config({ 'profile work': { ...hands.keysOf('keeper'), max_attempts: '2' } });
      await problem((await hands.connect('work')).iam.getUser('maya'));
      assert.equal(hands.count('GetUser'), 2);
    });

    it('to the endpoint of the profile with STS too, when a role is assumed', async () => {
      withoutVariables();
      await hands.stage.config({
        default: { endpoint_url: 'http://127.0.0.1:9' },
        'profile work': { ...hands.keysOf('keeper'), endpoint_url: 'http://127.0.0.1:9' },
        'profile audit': {
          role_arn: hands.stage.main.roleArn('SecurityAudit'),
          role_session_name: 'me',
          source_profile: 'work',
          endpoint_url: hands.stage.aws.endpoint,
        },
      });
      const caller = await (await hands.connect('audit')).iam.callerIdentity();
      assert.match(caller.arn, /SecurityAudit\/me$/);
    });

    it('to one endpoint for tokens and another for the portal, as the profile’s services section says', async () => {
      withoutVariables();
      const { endpoint, signIn } = hands.stage.aws;
      const [portal, tokens] = await Promise.all([Relay.open(endpoint), Relay.open(endpoint)]);
      try {
        const session = 'two-endpoints';
        await hands.stage.config({
          // Not of the profile in question.
          default: { endpoint_url: 'http://127.0.0.1:9' },
          'profile corp': {
            sso_session: session,
            sso_account_id: MAIN,
            sso_role_name: 'SecurityAudit',
            services: 'local',
            endpoint_url: endpoint,
          },
          [`sso-session ${session}`]: { sso_start_url: signIn.startUrl, sso_region: signIn.region },
          'services local': {
            sso: `\n  endpoint_url = ${portal.endpoint}`,
            sso_oidc: `\n  endpoint_url = ${tokens.endpoint}`,
          },
        });
        await hands.stage.write(
          `.aws/sso/cache/${ssoTokenFileName(session)}`,
          JSON.stringify(signIn.ssoToken({ expiresInSeconds: 60 })),
        );
        const caller = await (await hands.connect('corp')).iam.callerIdentity();
        assert.match(caller.arn, /AWSReservedSSO_SecurityAudit/);
        assert.deepEqual([portal.arrived.length, tokens.arrived.length], [1, 1]);
      } finally {
        await Promise.all([portal.close(), tokens.close()]);
      }
    });
  });
});
