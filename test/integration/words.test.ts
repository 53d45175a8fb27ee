import assert from 'node:assert/strict';
import { problemOf, type Problem, type ProblemCode } from '../../src/core/problem';
import type { Iam } from '../../src/core/iam';
import type { SignInFault } from '../../src/core/signInFault';
import { isRemoved, type DeviceRemoval } from '../../src/core/deviceRemoval';
import { changeLine, changeWords } from '../../src/editor/changeWords';
import { faultWords } from '../../src/editor/signInFaultWords';
import { removalWords } from '../../src/editor/removalWords';
import { problemLine, problemWords, type ProblemWords } from '../../src/editor/problemWords';
import { remoteLabel } from '../../src/editor/words';
import { SmallPractice } from './smallPractice';

const serial = 'arn:aws:iam::210987654321:mfa/sam';

/** Every write, about a user or a device named sam, so that no sentence differs from another by a name alone. */
const writes = {
  CreateVirtualMFADevice: (iam: Iam) => iam.createVirtualMfaDevice('sam'),
  EnableMFADevice: (iam: Iam) => iam.enableMfaDevice('sam', serial, '111111', '222222'),
  ResyncMFADevice: (iam: Iam) => iam.resyncMfaDevice('sam', serial, '111111', '222222'),
  DeactivateMFADevice: (iam: Iam) => iam.deactivateMfaDevice('sam', serial),
  DeleteVirtualMFADevice: (iam: Iam) => iam.deleteVirtualMfaDevice(serial),
  TagMFADevice: (iam: Iam) => iam.tagDevice(serial, new Map([['Name', 'work phone']])),
  UntagMFADevice: (iam: Iam) => iam.untagDevice(serial, ['Name']),
  GetSessionToken: (iam: Iam) => iam.mfaSession(serial, '111111'),
} satisfies Readonly<Record<string, (iam: Iam) => Promise<unknown>>>;
type Write = keyof typeof writes;

/** iam-facts 1.2 and 1.7. */
const statuses = {
  AccessDenied: 403,
  ConcurrentModification: 409,
  DeleteConflict: 409,
  EntityAlreadyExists: 409,
  EntityTemporarilyUnmodifiable: 409,
  InvalidAuthenticationCode: 403,
  InvalidInput: 400,
  LimitExceeded: 409,
  NoSuchEntity: 404,
} as const;
type WireCode = keyof typeof statuses;

/** `named`: the sentence is of no use without the user or the device that it is about. */
type Naming = 'named' | '';

/** What AWS models for each write (iam-facts 1.3, `ServiceFailure` aside), and the refusal that any call may meet. */
const refusals: Readonly<Record<Write, Readonly<Partial<Record<WireCode, Naming>>>>> = {
  CreateVirtualMFADevice: {
    AccessDenied: 'named',
    LimitExceeded: '',
    InvalidInput: 'named',
    EntityAlreadyExists: 'named',
    ConcurrentModification: 'named',
  },
  EnableMFADevice: {
    AccessDenied: 'named',
    EntityAlreadyExists: '',
    EntityTemporarilyUnmodifiable: 'named',
    InvalidAuthenticationCode: '',
    LimitExceeded: 'named',
    NoSuchEntity: 'named',
    ConcurrentModification: 'named',
  },
  ResyncMFADevice: {
    AccessDenied: 'named',
    InvalidAuthenticationCode: '',
    NoSuchEntity: 'named',
    LimitExceeded: '',
    ConcurrentModification: '',
  },
  DeactivateMFADevice: {
    AccessDenied: 'named',
    EntityTemporarilyUnmodifiable: 'named',
    NoSuchEntity: 'named',
    LimitExceeded: 'named',
    ConcurrentModification: 'named',
  },
  DeleteVirtualMFADevice: {
    AccessDenied: 'named',
    NoSuchEntity: 'named',
    DeleteConflict: 'named',
    LimitExceeded: '',
    ConcurrentModification: 'named',
  },
  TagMFADevice: {
    AccessDenied: 'named',
    InvalidInput: '',
    NoSuchEntity: 'named',
    LimitExceeded: 'named',
    ConcurrentModification: 'named',
  },
  UntagMFADevice: {
    AccessDenied: 'named',
    NoSuchEntity: 'named',
    InvalidInput: 'named',
    ConcurrentModification: 'named',
  },
  // It needs no permission: what it refuses is the code (iam-facts 1.6 and 2.2).
  GetSessionToken: { AccessDenied: '' },
};

const rows = (Object.keys(writes) as Write[]).flatMap((write) =>
  (Object.entries(refusals[write]) as [WireCode, Naming][]).map(([code, naming]) => ({ write, code, naming })),
);

function assertSentence(sentence: string): void {
  assert.match(sentence, /^\S.{7,}[^\s.]\.$/su, `a sentence: “${sentence}”`);
  assert.doesNotMatch(sentence, /\{\d\}|undefined|\[object|null/, `nothing unfilled: “${sentence}”`);
  assert.doesNotMatch(sentence, /arn:/, `a name, no ARN: “${sentence}”`);
}

function assertSentences({ what, todo }: ProblemWords): void {
  assertSentence(what);
  assertSentence(todo);
  assert.notEqual(what, todo);
}

describe('what is said when AWS refuses a change', () => {
  let small: SmallPractice;
  const problems = new Map<string, Problem>();
  const problem = (write: Write, code: WireCode): Problem => problems.get(`${write} ${code}`) ?? assert.fail('not met');

  before(async () => {
    small = await SmallPractice.open();
    for (const { write, code } of rows) {
      small.practice.faults.set({
        kind: 'error',
        operation: write,
        code,
        status: statuses[code],
        message: 'In AWS’s own words.',
        times: 1,
      });
      const refused = await writes[write](small.connection.iam).then(() => undefined, problemOf);
      problems.set(`${write} ${code}`, refused ?? assert.fail(`${write} was not refused by ${code}`));
    }
  });
  after(() => small.close());

  for (const { write, code, naming } of rows) {
    it(`${write}, ${code}: a sentence of its own, and what to do`, () => {
      const refused = problem(write, code);
      const words = changeWords(refused);
      assertSentences(words);
      assert.notEqual(words.what, problemWords(refused).what, 'more than is said of any call');
      assert.equal(changeLine(refused), `${words.what} ${words.todo}`);
      if (naming === 'named') {
        assert.match(words.what, /\bsam\b/);
      }
    });
  }

  it('names the missing permission, and no permission where none is missing', () => {
    for (const { write, code } of rows) {
      const { what } = changeWords(problem(write, code));
      const named = /\b(?:iam|sts):\w+/.exec(what)?.[0];
      assert.equal(
        named,
        code === 'AccessDenied' && write !== 'GetSessionToken' ? `iam:${write}` : undefined,
        `${write} ${code}: ${what}`,
      );
    }
  });

  it('never says one thing of two refusals', () => {
    const said = new Map<string, string>();
    const all = [
      ...rows.map(({ write, code }) => [`${write} ${code}`, problem(write, code)] as const),
      // Known before AWS is asked: nobody with passkeys alone can show a code.
      ['passkeys alone', { code: 'mfaSessionNeeded', operation: 'EnableMFADevice', subject: 'sam' }] as const,
    ];
    for (const [row, refused] of all) {
      const { what } = changeWords(refused);
      assert.equal(said.get(what), undefined, `${row} says the same: ${what}`);
      said.set(what, row);
    }
    assert.equal(said.size, rows.length + 1);
  });

  it('says it in the same words whatever AWS’s own were', () => {
    for (const { write, code } of rows) {
      const refused = problem(write, code);
      assert.equal(refused.detail, 'In AWS’s own words.');
      assert.doesNotMatch(changeLine(refused), /own words/, `${write} ${code}`);
    }
  });
});

describe('what is said of any problem of any call', () => {
  const codes: Readonly<Record<ProblemCode, true>> = {
    accessDenied: true,
    mfaSessionNeeded: true,
    invalidCode: true,
    alreadyExists: true,
    notFound: true,
    limitExceeded: true,
    deleteConflict: true,
    temporarilyUnmodifiable: true,
    concurrentModification: true,
    invalidInput: true,
    throttled: true,
    noCredentials: true,
    badConfig: true,
    expiredCredentials: true,
    unknownKey: true,
    wrongSecret: true,
    clockOff: true,
    codeNeeded: true,
    passkeyCannotSignIn: true,
    untrustedCertificate: true,
    proxyRefused: true,
    unreachable: true,
    answerLost: true,
    timedOut: true,
    notAws: true,
    serviceFault: true,
    stopped: true,
    other: true,
  };
  /** Every call that the product makes, and what stands there for trouble before any. */
  const operations = [
    ...Object.keys(writes),
    'GetCallerIdentity',
    'ListAccountAliases',
    'GetAccountSummary',
    'ListUsers',
    'GetUser',
    'GetLoginProfile',
    'ListVirtualMFADevices',
    'ListMFADevices',
    'ListMFADeviceTags',
    'GetMFADevice',
    'GenerateCredentialReport',
    'GetCredentialReport',
    'ListUserPolicies',
    'ListGroupsForUser',
    'GetSessionToken',
    'AssumeRole',
    'SimulatePrincipalPolicy',
    'Credentials',
  ];

  for (const operation of operations) {
    it(`${operation}: two sentences for each`, () => {
      for (const code of Object.keys(codes) as ProblemCode[]) {
        const refused: Problem = {
          code,
          operation,
          subject: 'sam',
          status: 400,
          awsCode: 'SomeCode',
          detail: 'What AWS said.',
          permission: `iam:${operation}`,
        };
        assertSentences(changeWords(refused));
        assertSentences(problemWords(refused));
        assert.equal(problemLine(refused), Object.values(problemWords(refused)).join(' '));
      }
    });
  }

  it('says of a problem that no change has words for what is said of any call', () => {
    const slow: Problem = { code: 'throttled', operation: 'EnableMFADevice', subject: 'sam' };
    assert.deepEqual(changeWords(slow), problemWords(slow));
  });
});

describe('what is said of what is wrong with the files or the way of signing in', () => {
  const profile = 'dev-sam';
  const file = '/home/sam/token';
  const faults: { readonly [Kind in SignInFault['kind']]: Extract<SignInFault, { readonly kind: Kind }> } = {
    noProfile: { kind: 'noProfile', profile },
    noSourceProfile: { kind: 'noSourceProfile', profile, source: 'base' },
    sourcesInCircle: { kind: 'sourcesInCircle', profiles: [profile, 'base', profile] },
    twoSources: { kind: 'twoSources', profile },
    noSource: { kind: 'noSource', profile },
    unknownSource: { kind: 'unknownSource', profile, source: 'Cloud', known: ['Here', 'There'] },
    emptySource: { kind: 'emptySource', profile },
    halfKeys: { kind: 'halfKeys', profile },
    webIdentityWithoutRole: { kind: 'webIdentityWithoutRole', profile },
    noSsoSession: { kind: 'noSsoSession', profile, session: 'corp' },
    ssoLacks: { kind: 'ssoLacks', profile, settings: ['sso_region', 'sso_start_url'] },
    noServices: { kind: 'noServices', profile, services: 'local' },
    leadsElsewhere: { kind: 'leadsElsewhere' },
    certificatesUnreadable: { kind: 'certificatesUnreadable', file },
    noCertificates: { kind: 'noCertificates', file },
    tokenUnreadable: { kind: 'tokenUnreadable', file },
    processNotStarted: { kind: 'processNotStarted', profile },
    processLate: { kind: 'processLate', profile, seconds: 60 },
    processKilled: { kind: 'processKilled', profile, signal: 'SIGKILL' },
    processNotFound: { kind: 'processNotFound', profile, exitCode: 127 },
    processFailed: { kind: 'processFailed', profile, exitCode: 3 },
    processPrintedNoJson: { kind: 'processPrintedNoJson', profile },
    processPrintedNoVersion: { kind: 'processPrintedNoVersion', profile },
    processPrintedNoKeys: { kind: 'processPrintedNoKeys', profile },
    processPrintedNoTime: { kind: 'processPrintedNoTime', profile },
    processPrintedExpiredKeys: { kind: 'processPrintedExpiredKeys', profile },
    roleNotGiven: { kind: 'roleNotGiven', role: 'Audit', account: '123456789012' },
  };

  for (const fault of Object.values(faults)) {
    it(`${fault.kind}: a sentence, with all that is told of it`, () => {
      const sentence = faultWords(fault);
      assertSentence(sentence);
      const { kind, ...told } = fault;
      for (const value of Object.values<string | number | readonly string[]>(told)) {
        // Several stand there in their order.
        assert.match(sentence, new RegExp([value].flat().join('.+')), kind);
      }
    });
  }

  it('never says one thing of two', () => {
    const said = Object.values(faults).map(faultWords);
    assert.equal(new Set(said).size, said.length);
  });

  for (const [code, operation, fault, start] of [
    ['badConfig', 'Credentials', faults.noProfile, 'Your AWS config file cannot be used as it is:'],
    ['noCredentials', 'Credentials', faults.processFailed, 'No credentials were found for this choice.'],
    ['expiredCredentials', 'Credentials', faults.processPrintedExpiredKeys, 'Your sign-in has run out.'],
    ['accessDenied', 'GetRoleCredentials', faults.roleNotGiven, 'AWS refused GetRoleCredentials.'],
  ] as const) {
    it(`stands behind what it led to: ${code}`, () => {
      const problem: Problem = { code, operation, subject: profile, fault };
      for (const words of [problemWords(problem), changeWords(problem)]) {
        assertSentences(words);
        assert.equal(words.what, `${start} ${faultWords(fault)}`);
      }
    });
  }
});

describe('what is said of a device that was to be removed', () => {
  const refused: Problem = { code: 'accessDenied', operation: 'DeactivateMFADevice', subject: 'priya' };
  const left: Problem = { code: 'throttled', operation: 'DeleteVirtualMFADevice', subject: serial };
  const removals: Readonly<Record<DeviceRemoval['kind'], DeviceRemoval>> = {
    removed: { kind: 'removed' },
    gone: { kind: 'gone' },
    moved: { kind: 'moved' },
    deactivated: { kind: 'deactivated', problem: left },
    kept: { kind: 'kept', problem: refused },
    unknown: { kind: 'unknown', problem: { code: 'answerLost', operation: 'DeactivateMFADevice' } },
  };
  const all = Object.values(removals);
  const said = (removal: DeviceRemoval) => removalWords('priya', { serial }, removal);

  it('has words of its own for each way it can end, with the device’s name', () => {
    assert.equal(new Set(all.map(said)).size, all.length);
    for (const removal of all) {
      assert.match(said(removal), /^(?:The|Whether the) device sam .+\.$/);
      assert.doesNotMatch(said(removal), /\{\d\}|undefined|arn:/);
    }
  });

  it('says whose it still is, or whose it was', () => {
    for (const removal of [removals.kept, removals.deactivated, removals.unknown]) {
      assert.match(said(removal), /\bpriya\b/, removal.kind);
    }
  });

  it('says why it could not be removed, and what to do', () => {
    assert.ok(said(removals.kept).endsWith(changeLine(refused)), said(removals.kept));
    assert.ok(said(removals.deactivated).includes(changeWords(left).what), said(removals.deactivated));
  });

  it('counts as removed what is off the user with nothing left to do', () => {
    assert.deepEqual(
      all.filter(isRemoved).map(({ kind }) => kind),
      ['removed', 'gone', 'moved'],
    );
  });
});

describe('words about whose files were read', () => {
  it('name the computer where the extension runs, of each kind of remote window', () => {
    const kinds = ['ssh-remote', 'wsl', 'dev-container', 'attached-container', 'codespaces', 'tunnel'];
    assert.deepEqual(
      kinds.map((kind) => remoteLabel(kind)),
      [
        'files of the SSH host',
        'files of WSL',
        'files of the container',
        'files of the container',
        'files of the codespace',
        'files of the tunnel’s host',
      ],
    );
  });

  it('say nothing of a kind that is not known', () => {
    assert.equal(remoteLabel('k8s-container'), undefined);
  });
});
