import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type IAMClient, ListUsersCommand, TagUserCommand, ListUserTagsCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { XMLParser } from 'fast-xml-parser';
import { practiceKeys, practiceSessionKeys } from '../../../src/practice/keys';
import { startPracticeAccount } from '../../../src/practice/server';
import { refusal, Stage } from './helpers';

const IAM_NAMESPACE = 'https://iam.amazonaws.com/doc/2010-05-08/';
const STS_NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

describe('practice account: on the wire', () => {
  let stage: Stage;

  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage.close());

  interface Signed {
    readonly headers: Record<string, string>;
    readonly body: string;
  }

  /** What the SDK sends for a call, signed. */
  const signed = async (client: IAMClient | STSClient, call: () => Promise<unknown>): Promise<Signed> => {
    let caught: Signed | undefined;
    const stack = client.middlewareStack as IAMClient['middlewareStack'];
    stack.add(
      (next) => (args) => {
        const { headers, body } = args.request as Signed;
        // Without its length, which is fetch's business: bodies are changed here.
        caught = {
          headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !/length/i.test(name))),
          body,
        };
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low', name: 'catch' },
    );
    await call();
    assert.ok(caught !== undefined);
    return caught;
  };

  const signedListUsers = () => {
    const iam = stage.iam('keeper');
    return signed(iam, () => iam.send(new ListUsersCommand({ MaxItems: 2 })));
  };

  const post = async (headers: Record<string, string>, body: string) => {
    const answer = await fetch(stage.account.endpoint, { method: 'POST', headers, body });
    const text = await answer.text();
    const xml = new XMLParser({ ignoreAttributes: false, parseTagValue: false }).parse(text) as Record<
      string,
      Record<string, unknown>
    >;
    return { status: answer.status, headers: answer.headers, text, xml };
  };

  const errorOf = (xml: Record<string, Record<string, unknown>>): unknown => xml['ErrorResponse']?.['Error'];

  it('answers IAM in its namespace, with a request id and its own date', async () => {
    const { headers, body } = await signedListUsers();
    const answer = await post(headers, body);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type') ?? '', /^text\/xml/);
    const root = answer.xml['ListUsersResponse'];
    assert.equal(root?.['@_xmlns'], IAM_NAMESPACE);
    assert.deepEqual(root['ResponseMetadata'], { RequestId: answer.headers.get('x-amzn-requestid') });
    assert.equal(Date.parse(answer.headers.get('date') ?? ''), stage.now);
    assert.match(answer.text, /<Users><member><Path>\/<\/Path><UserName>deploy-bot<\/UserName>/);
    assert.match(answer.text, /<IsTruncated>true<\/IsTruncated><Marker>[^<]+<\/Marker>/);
    assert.match(answer.text, /<CreateDate>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ<\/CreateDate>/);
  });

  it('answers STS in its own', async () => {
    const sts = stage.sts('auditor');
    const { headers, body } = await signed(sts, () => sts.send(new GetCallerIdentityCommand({})));
    const { xml } = await post(headers, body);
    assert.equal(xml['GetCallerIdentityResponse']?.['@_xmlns'], STS_NAMESPACE);
  });

  it('carries any text whole', async () => {
    const iam = stage.iam('keeper');
    const Tags = [{ Key: 'name', Value: 'Zoë / + = : @ _ .' }];
    await iam.send(new TagUserCommand({ UserName: 'theo', Tags }));
    assert.deepEqual((await iam.send(new ListUserTagsCommand({ UserName: 'theo' }))).Tags, Tags);
    const refused = await refusal(iam.send(new TagUserCommand({ UserName: 'a<&>"b', Tags })));
    assert.match(refused.message, /^1 validation error detected: Value 'a<&>"b' at 'userName'/);
  });

  it('refuses a request that was changed after signing', async () => {
    const { headers, body } = await signedListUsers();
    const { status, xml } = await post(headers, body.replace('MaxItems=2', 'MaxItems=9'));
    assert.equal(status, 403);
    assert.deepEqual((errorOf(xml) as { Type: string; Code: string }).Code, 'SignatureDoesNotMatch');
    assert.deepEqual((errorOf(xml) as { Type: string; Code: string }).Type, 'Sender');
  });

  it('refuses a request without a signature, and one with half of it', async () => {
    const body = 'Action=ListUsers&Version=2010-05-08';
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const bare = await post(type, body);
    assert.deepEqual([bare.status, (errorOf(bare.xml) as { Code: string }).Code], [403, 'MissingAuthenticationToken']);
    const half = await post({ ...type, authorization: 'AWS4-HMAC-SHA256 Credential=x' }, body);
    assert.deepEqual([half.status, (errorOf(half.xml) as { Code: string }).Code], [400, 'IncompleteSignature']);
  });

  it('refuses an operation it does not know', async () => {
    const { headers } = await signedListUsers();
    for (const action of ['ListStars', 'constructor', '']) {
      const { status, xml } = await post(headers, `Action=${action}&Version=2010-05-08`);
      assert.deepEqual([status, (errorOf(xml) as { Code: string }).Code], [400, 'InvalidAction']);
    }
  });

  it('refuses keys it does not know, wrong secrets and wrong tokens', async () => {
    const keeper = practiceKeys('keeper');
    const auditor = practiceSessionKeys('auditor');
    const rows: [string, Parameters<Stage['iam']>[0], string][] = [
      ['unknown key', practiceKeys('stranger'), 'InvalidClientTokenId'],
      ['wrong secret', { ...keeper, secretAccessKey: 'wrong' }, 'SignatureDoesNotMatch'],
      ['wrong token', { ...auditor, sessionToken: 'wrong' }, 'InvalidClientTokenId'],
      ['token with long-term keys', { ...keeper, sessionToken: 'wrong' }, 'InvalidClientTokenId'],
    ];
    for (const [what, keys, code] of rows) {
      const refused = await refusal(stage.iam(keys).send(new ListUsersCommand({})));
      assert.deepEqual([refused.code, refused.status], [code, 403], what);
    }
  });

  it('listens on loopback only, and says so when its port is taken', async () => {
    const { hostname, port } = new URL(stage.account.endpoint);
    assert.equal(hostname, '127.0.0.1');
    await assert.rejects(startPracticeAccount({ port: Number(port) }), { code: 'EADDRINUSE' });
  });

  it('stops answering when stopped, even with a connection open', async () => {
    const account = await startPracticeAccount();
    await fetch(account.endpoint, { method: 'POST' });
    await account.stop();
    await assert.rejects(fetch(account.endpoint, { method: 'POST' }));
  });
});

describe('practice account: keys', () => {
  it('are the same for the same name, and look like AWS’s', () => {
    assert.deepEqual(practiceKeys('keeper'), practiceKeys('keeper'));
    assert.notEqual(practiceKeys('keeper').accessKeyId, practiceKeys('self').accessKeyId);
    assert.match(practiceKeys('keeper').accessKeyId, /^AKIA[A-Z2-7]{16}$/);
    assert.match(practiceKeys('keeper').secretAccessKey, /^[A-Za-z0-9+/]{40}$/);
    assert.match(practiceSessionKeys('auditor').accessKeyId, /^ASIA[A-Z2-7]{16}$/);
  });

  it('stand nowhere in the source', () => {
    const folder = join(__dirname, '../../../src/practice');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    assert.ok(files.length > 10);
    for (const file of files) {
      assert.doesNotMatch(readFileSync(join(folder, file), 'utf8'), /A[KS]IA[A-Z0-9]{16}/, file);
    }
  });
});
