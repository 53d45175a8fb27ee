import assert from 'node:assert/strict';
import type { Caller } from '../../../src/core/account';
import { nextFreeName } from '../../../src/core/device';
import type { AccountSnapshot } from '../../../src/core/accountSnapshot';
import type { Iam } from '../../../src/core/iam';
import {
  askPermissions,
  needKey,
  permissionsFromExperience,
  permissionsFromSimulation,
  type Capability,
  type CapabilityId,
  type Permissions,
} from '../../../src/core/permissions';
import {
  allowingStatement,
  canBeAllowed,
  smallestKeeperPolicy,
  smallestSelfServicePolicy,
  type PolicyStatement,
} from '../../../src/core/smallestPolicies';
import type { PermissionSet } from '../../../src/practice/permissions';
import { companyWith, ofKind, practiceId, serialOf, Setup } from '../practiceSetup';

const own: readonly CapabilityId[] = ['ownDevices', 'ownEnrol', 'ownResync', 'ownDeactivate', 'ownDelete'];
const arn = (resource: string): string => `arn:aws:iam::${practiceId}:${resource}`;

/** What is said of each, in a word and its sources. */
const words = ({ capabilities }: Permissions): Readonly<Record<string, string>> =>
  Object.fromEntries(
    capabilities.map(({ id, state }) => [
      id,
      state.kind === 'unknown' ? 'unknown' : `${state.kind} (${state.sources.join(', ')})`,
    ]),
  );

function capability({ capabilities }: Permissions, id: CapabilityId): Capability {
  const found = capabilities.find((one) => one.id === id);
  assert.ok(found, `${id} is told of`);
  return found;
}

/** What is missing, as `action on resource`, with what forbids it besides. */
function missing(permissions: Permissions, id: CapabilityId): readonly string[] {
  const state = ofKind(capability(permissions, id).state, 'refused');
  return state.missing.map(({ action, resource, forbiddenBy }) =>
    [action, 'on', resource, ...(forbiddenBy ? [`(${forbiddenBy})`] : [])].join(' '),
  );
}

describe('permissions', () => {
  let setup: Setup;

  beforeEach(async () => {
    setup = await Setup.open();
  });
  afterEach(() => setup.close());

  /** The account as a caller has read it. */
  async function read(caller: string): Promise<AccountSnapshot> {
    const { account } = await setup.loaded(caller);
    assert.ok(account, 'the account was read');
    return account;
  }

  /** @param asker whose right to simulate is used; the caller's own where left out */
  async function ask(caller: string, asker = caller): Promise<Permissions> {
    return askPermissions(await setup.iam(asker), await read(caller));
  }

  /** What the simulator was told of MFA, each once. */
  const mfaTold = (): readonly string[] => {
    const told = setup.practice.calls
      .filter(({ operation }) => operation === 'SimulatePrincipalPolicy')
      .map(({ parameters }) => {
        const name = Object.keys(parameters).find((key) => parameters[key] === 'aws:MultiFactorAuthPresent');
        return (name && parameters[name.replace('ContextKeyName', 'ContextKeyValues.member.1')]) ?? 'left out';
      });
    return [...new Set(told)].sort();
  };

  const addUser = (userName: string, permissions: PermissionSet) => setup.own(userName, permissions);
  const addRole = (permissions: PermissionSet) =>
    setup.practice.addCaller({
      name: 'role',
      identity: { kind: 'role', roleName: 'SecurityAudit', sessionName: 'here' },
      permissions,
    });

  describe('asked of AWS’s simulator', () => {
    it('let a keeper do everything, and a call for each resource is enough', async () => {
      const permissions = await ask('keeper');
      const kinds = new Set(permissions.capabilities.map(({ state }) => state.kind));
      assert.deepEqual([[...kinds], permissions.problem], [['works'], undefined]);
      assert.equal(words(permissions)['enrol'], 'works (simulator)');
      assert.equal(words(permissions)['users'], 'works (seen)');
      assert.equal(words(permissions)['simulator'], 'works (seen)');
      assert.equal(setup.count('SimulatePrincipalPolicy'), 7);
      assert.equal(setup.count('GetRole'), 0);
    });

    it('tell a user with long-term keys what works, what a code is needed for, and what is missing', async () => {
      // The user's own policies, asked by someone who may.
      const permissions = await ask('self', 'keeper');
      assert.deepEqual(words(permissions), {
        ownDevices: 'works (seen)',
        ownEnrol: 'works (simulator)',
        ownResync: 'works (simulator)',
        ownDeactivate: 'withCode (simulator)',
        ownDelete: 'refused (simulator)',
        enrol: 'refused (simulator)',
        resync: 'refused (simulator)',
        deactivate: 'refused (simulator)',
        users: 'refused (simulator)',
        passwords: 'refused (simulator)',
        delete: 'refused (simulator)',
        report: 'refused (simulator)',
        policies: 'refused (simulator)',
        simulator: 'works (seen)',
      });
      assert.deepEqual(missing(permissions, 'ownDelete'), [`iam:DeleteVirtualMFADevice on ${arn('mfa/maya')}`]);
      // Making a device is allowed under every name.
      assert.deepEqual(missing(permissions, 'enrol'), [`iam:EnableMFADevice on ${arn('user/*')}`]);
      assert.deepEqual(missing(permissions, 'users'), ['iam:ListUsers on *', `iam:ListMFADevices on ${arn('user/*')}`]);
      assert.deepEqual(ofKind(capability(permissions, 'ownDeactivate').state, 'withCode').needs, [
        { action: 'iam:DeactivateMFADevice', resource: arn('user/maya') },
      ]);
    });

    it('are told the user’s name once the policies ask for it', async () => {
      await ask('self', 'keeper');
      const told = setup.practice.calls
        .filter(({ operation }) => operation === 'SimulatePrincipalPolicy')
        .map(({ parameters }) => Object.values(parameters).includes('aws:username'));
      assert.deepEqual(told.slice(0, 2), [false, true]);
      assert.ok(
        told.slice(1).every((one) => one),
        'it is not left out again',
      );
      const before = told.length;
      await ask('keeper');
      const keeper = setup.practice.calls
        .filter(({ operation }) => operation === 'SimulatePrincipalPolicy')
        .slice(before);
      assert.ok(
        keeper.every(({ parameters }) => !Object.values(parameters).includes('aws:username')),
        'nobody else needs it',
      );
    });

    it('tell a role that reads what it cannot do, and nothing of devices of its own', async () => {
      addRole({
        only: [
          'ListUsers',
          'ListVirtualMFADevices',
          'ListMFADevices',
          'GetLoginProfile',
          'GetRole',
          'GenerateCredentialReport',
          'GetCredentialReport',
          'SimulatePrincipalPolicy',
        ],
      });
      const permissions = await ask('role');
      assert.deepEqual(words(permissions), {
        enrol: 'refused (simulator)',
        resync: 'refused (simulator)',
        deactivate: 'refused (simulator)',
        users: 'works (seen)',
        passwords: 'works (seen)',
        delete: 'refused (simulator)',
        report: 'works (simulator)',
        policies: 'refused (simulator)',
        simulator: 'works (seen)',
      });
      assert.deepEqual(missing(permissions, 'enrol'), [
        `iam:CreateVirtualMFADevice on ${arn('mfa/*')}`,
        `iam:EnableMFADevice on ${arn('user/*')}`,
      ]);
      const told = setup.practice.calls.filter(({ operation }) => operation === 'SimulatePrincipalPolicy');
      assert.ok(
        told.every(({ parameters }) => !Object.keys(parameters).some((name) => name.startsWith('ContextEntries'))),
        'a role’s session has neither MFA nor a user’s name',
      );
    });

    it('are asked about the role under its path, and without one where that is hidden', async () => {
      addRole('everything');
      const asked = () =>
        setup.practice.calls
          .filter(({ operation }) => operation === 'SimulatePrincipalPolicy')
          .map(({ parameters }) => parameters['PolicySourceArn'])
          .at(-1);
      setup.relay.spoil(
        'GetRole',
        { kind: 'change', change: (body) => body.replace(':role/Security', ':role/team/Security') },
        1,
      );
      assert.equal((await ask('role')).problem?.code, 'notFound');
      assert.equal(asked(), arn('role/team/SecurityAudit'));
      setup.practice.faults.set({ kind: 'deny', operation: 'GetRole' });
      const permissions = await ask('role');
      assert.deepEqual([permissions.problem, asked()], [undefined, arn('role/SecurityAudit')]);
      assert.equal(words(permissions)['deactivate'], 'works (simulator)');
    });

    it('say that the role’s path is hidden where AWS does not know the role without one', async () => {
      addRole('everything');
      setup.practice.faults.set({ kind: 'deny', operation: 'GetRole' });
      setup.practice.faults.set({
        kind: 'error',
        operation: 'SimulatePrincipalPolicy',
        code: 'NoSuchEntity',
        status: 404,
        message: 'No such entity',
      });
      const permissions = await ask('role');
      assert.deepEqual([permissions.problem?.code, permissions.problem?.operation], ['accessDenied', 'GetRole']);
      const [gap, ...more] = missing(permissions, 'simulator');
      assert.ok(gap?.startsWith('iam:GetRole on '), gap);
      assert.deepEqual(more, []);
    });

    it('say both of what a session may do with MFA and without', async () => {
      const account = await read('self');
      const session = { ...account, caller: { ...account.caller, longTermKeys: false } };
      const permissions = await askPermissions(await setup.iam('keeper'), session);
      assert.equal(words(permissions)['ownDeactivate'], 'withCode (simulator)');
      assert.equal(capability(permissions, 'ownDeactivate').codeRule, undefined, 'AWS’s rule is for long-term keys');
      assert.deepEqual(mfaTold(), ['false', 'true']);
    });

    it('leave MFA out for long-term keys, as their calls do', async () => {
      await ask('self', 'keeper');
      assert.deepEqual(mfaTold(), ['left out', 'true']);
    });

    it('tell of what stays forbidden with a code why that is', async () => {
      const iam = await setup.iam();
      iam.simulate = ({ actions, mfa }) =>
        Promise.resolve(
          actions.map((action) => ({ action, decision: mfa ? 'implicitDeny' : 'explicitDeny', untold: [] })),
        );
      assert.deepEqual(missing(await askPermissions(iam, await read('keeper')), 'resync'), [
        `iam:ResyncMFADevice on ${arn('user/*')}`,
      ]);
    });

    it('hold out a code for what was refused without one', async () => {
      const users = { action: 'iam:ListUsers', resource: '*' };
      const devices = { action: 'iam:ListMFADevices', resource: arn('user/*') };
      const permissions = permissionsFromSimulation(await read('self'), {
        findings: new Map([
          [needKey(users), { kind: 'withCode', source: 'simulator' }],
          [needKey(devices), { kind: 'allowed', source: 'simulator' }],
        ]),
      });
      assert.deepEqual(ofKind(capability(permissions, 'users').state, 'withCode').needs, [users]);
    });

    it('keep what was said before the simulator failed', async () => {
      setup.relay.spoil('SimulatePrincipalPolicy', { kind: 'lost' }, Number.POSITIVE_INFINITY, 2);
      const permissions = await ask('keeper');
      assert.equal(permissions.problem?.code, 'answerLost');
      assert.equal(words(permissions)['ownEnrol'], 'works (simulator)');
      assert.equal(words(permissions)['policies'], 'unknown');
      assert.equal(words(permissions)['simulator'], 'works (seen)');
    });

    it('are given up when told so, with the reason', async () => {
      const account = await read('keeper');
      const iam = await setup.iam();
      const gate = setup.relay.hold('SimulatePrincipalPolicy');
      const controller = new AbortController();
      const asking = askPermissions(iam, account, controller.signal);
      await gate.reached;
      controller.abort(new Error('enough'));
      await assert.rejects(asking, /enough/);
      assert.equal(setup.count('SimulatePrincipalPolicy'), 1);
    });

    it('say what forbids a thing for good, so that no statement is offered', async () => {
      const change = (body: string) => body.replaceAll(/>(implicitDeny|allowed)</g, '>explicitDeny<');
      setup.relay.spoil('SimulatePrincipalPolicy', { kind: 'change', change });
      const permissions = await ask('keeper');
      const state = ofKind(capability(permissions, 'deactivate').state, 'refused');
      assert.deepEqual(missing(permissions, 'deactivate'), [`iam:DeactivateMFADevice on ${arn('user/*')} (policy)`]);
      assert.ok(!state.missing.some(canBeAllowed), 'a statement would not help');
    });

    it('are weaker than what AWS did', async () => {
      const account = await read('keeper');
      setup.relay.spoil('SimulatePrincipalPolicy', {
        kind: 'change',
        change: (body) => body.replaceAll('>allowed<', '>implicitDeny<'),
      });
      const denied = await askPermissions(await setup.iam(), account);
      assert.equal(words(denied)['users'], 'works (seen)');
      assert.equal(words(denied)['report'], 'refused (simulator)');
    });

    it('do not hide what AWS refused though its policies would allow it', async () => {
      setup.practice.faults.set({ kind: 'deny', operation: 'ListVirtualMFADevices' });
      const permissions = await ask('keeper');
      assert.deepEqual(missing(permissions, 'users'), ['iam:ListVirtualMFADevices on * (unknown)']);
    });

    it('name conditions that the simulator was not told of', async () => {
      setup.relay.spoil('SimulatePrincipalPolicy', {
        kind: 'change',
        change: (body) =>
          body.replaceAll(
            /<MissingContextValues>.*?<\/MissingContextValues>/gs,
            '<MissingContextValues><member>aws:SourceIp</member><member>aws:MultiFactorAuthPresent</member></MissingContextValues>',
          ),
      });
      assert.deepEqual(capability(await ask('keeper'), 'deactivate').untold, ['aws:SourceIp']);
    });
  });

  describe('without the right to ask', () => {
    it('are told from what was seen, and the rest is not known', async () => {
      const permissions = await ask('self');
      assert.deepEqual(words(permissions), {
        ownDevices: 'works (seen)',
        ownEnrol: 'unknown',
        ownResync: 'unknown',
        ownDeactivate: 'unknown',
        ownDelete: 'unknown',
        enrol: 'unknown',
        resync: 'unknown',
        deactivate: 'unknown',
        users: 'refused (seen)',
        passwords: 'unknown',
        delete: 'unknown',
        report: 'unknown',
        policies: 'unknown',
        simulator: 'refused (seen)',
      });
      assert.equal(permissions.problem?.code, 'accessDenied');
      assert.deepEqual(missing(permissions, 'users'), ['iam:ListUsers on *']);
      assert.deepEqual(missing(permissions, 'simulator'), [`iam:SimulatePrincipalPolicy on ${arn('user/maya')}`]);
      assert.equal(setup.count('SimulatePrincipalPolicy'), 1, 'it is not asked again');
    });

    it('tell what the auditor has read', async () => {
      const account = await read('auditor');
      const permissions = permissionsFromExperience(account);
      assert.equal(words(permissions)['users'], 'works (seen)');
      assert.equal(words(permissions)['passwords'], 'works (seen)');
      assert.equal(words(permissions)['report'], 'unknown');
      assert.equal(words(permissions)['simulator'], 'unknown');
    });

    it('take no list of virtual devices for the right to read a user’s devices', async () => {
      const account = await read('auditor');
      const marcus = account.users.get('marcus');
      assert.ok(marcus, 'marcus is there, and has a virtual device');
      const permissions = permissionsFromExperience({ ...account, users: new Map([['marcus', marcus]]) });
      assert.equal(words(permissions)['users'], 'unknown');
    });

    it('tell what was refused, with the resource', async () => {
      addRole({ allExcept: ['ListMFADevices', 'GetLoginProfile', 'ListVirtualMFADevices', 'SimulatePrincipalPolicy'] });
      const permissions = await ask('role');
      assert.match(missing(permissions, 'users').join(), /^iam:ListVirtualMFADevices on \*,iam:ListMFADevices on arn:/);
      // Nobody's password was asked for, since nobody is known to have no device.
      assert.equal(words(permissions)['passwords'], 'unknown');
    });

    it('tell of passwords that were refused, and of a report that was read in their place', async () => {
      addRole({ allExcept: ['GetLoginProfile', 'SimulatePrincipalPolicy'] });
      const permissions = await ask('role');
      assert.equal(words(permissions)['report'], 'works (seen)');
      assert.notEqual(words(permissions)['passwords'], 'works (seen)');
    });

    it('take no failure for a refusal', async () => {
      setup.relay.spoil('ListVirtualMFADevices', { kind: 'lost' });
      const permissions = permissionsFromExperience(await read('keeper'));
      assert.equal(words(permissions)['users'], 'unknown');
    });
  });

  describe('of root and others', () => {
    it('are everything for root, without asking', async () => {
      setup.practice.addCaller({ name: 'root', identity: { kind: 'root' }, permissions: 'everything' });
      const permissions = await ask('root');
      assert.ok(
        permissions.capabilities.every(({ id, state }) => state.kind === 'works' && !own.includes(id)),
        JSON.stringify(words(permissions)),
      );
      assert.equal(words(permissions)['enrol'], 'works (root)');
      assert.equal(setup.count('SimulatePrincipalPolicy'), 0);
    });

    it('are what was seen for a federated user, whom the simulator does not take', async () => {
      const account = await read('auditor');
      const federated = { ...account.caller, arn: `arn:aws:sts::${practiceId}:federated-user/guest` };
      const permissions = await askPermissions(await setup.iam(), { ...account, caller: federated });
      assert.equal(setup.count('SimulatePrincipalPolicy'), 0);
      assert.equal(words(permissions)['users'], 'works (seen)');
      assert.equal(words(permissions)['enrol'], 'unknown');
      assert.equal(words(permissions)['simulator'], undefined);
    });
  });

  describe('and AWS’s rule about long-term keys', () => {
    const rules = (permissions: Permissions) =>
      Object.fromEntries(
        permissions.capabilities.flatMap(({ id, codeRule }) => (codeRule === undefined ? [] : [[id, codeRule]])),
      );

    it('are a note for someone with a device, no refusal', async () => {
      const permissions = await ask(addUser('priya', 'everything'));
      assert.deepEqual(rules(permissions), { ownEnrol: 'codeNeeded', ownDeactivate: 'codeNeeded' });
      assert.equal(words(permissions)['ownDeactivate'], 'works (simulator)');
    });

    it('leave only the console to someone whose devices show no codes', async () => {
      assert.deepEqual(rules(await ask(addUser('noah', 'everything'))), {
        ownEnrol: 'onlyConsole',
        ownDeactivate: 'onlyConsole',
      });
    });

    it('are no note for someone without a device, and an if where that is not known', async () => {
      assert.deepEqual(rules(await ask('keeper')), {});
      assert.deepEqual(rules(await ask(addUser('theo', { allExcept: ['ListMFADevices'] }))), {
        ownEnrol: 'codeIfDevice',
        ownDeactivate: 'codeIfDevice',
      });
    });
  });

  describe('in other partitions', () => {
    for (const partition of ['aws-cn', 'aws-us-gov']) {
      it(`are asked about with the ARNs of ${partition}`, async () => {
        const account = await read('keeper');
        const caller = {
          ...account.caller,
          partition,
          arn: `arn:${partition}:iam::${practiceId}:user/staff/jordan`,
        };
        const { capabilities } = permissionsFromExperience({ ...account, caller });
        const resources = capabilities.flatMap(({ needs }) => needs.map(({ resource }) => resource));
        assert.ok(resources.includes(`arn:${partition}:iam::${practiceId}:user/staff/jordan`), 'the path stays');
        assert.ok(resources.includes(`arn:${partition}:iam::${practiceId}:mfa/jordan`), 'a device has none');
        assert.deepEqual(
          resources.filter((resource) => resource !== '*' && !resource.startsWith(`arn:${partition}:iam::`)),
          [],
        );
      });
    }
  });
});

interface Policy {
  readonly Version: string;
  readonly Statement: readonly PolicyStatement[];
}

const list = (value: string | readonly string[]): readonly string[] => (typeof value === 'string' ? [value] : value);
const statementsOf = (json: string): readonly PolicyStatement[] => (JSON.parse(json) as Policy).Statement;
const actionsOf = (json: string): readonly string[] => [
  ...new Set(statementsOf(json).flatMap(({ Action }) => list(Action))),
];

/** Whether the policy allows it to the user of that name, with MFA or without, as AWS reads policies. */
function allows(json: string, userName: string, action: string, resource: string, mfa = false): boolean {
  return statementsOf(json).some(
    ({ Action, Resource, Condition }) =>
      list(Action).includes(action) &&
      (Condition === undefined || mfa) &&
      list(Resource).some((pattern) => {
        const told = pattern.replaceAll('${aws:username}', userName);
        const escaped = told.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
        return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(resource);
      }),
  );
}

describe('the smallest policies', () => {
  const user = (name: string, partition = 'aws', path = '/'): Caller => ({
    arn: `arn:${partition}:iam::${practiceId}:user${path}${name}`,
    accountId: practiceId,
    partition,
    userName: name,
    longTermKeys: true,
  });
  const role: Caller = {
    arn: `arn:aws-cn:sts::${practiceId}:assumed-role/Keepers/alice`,
    accountId: practiceId,
    partition: 'aws-cn',
    longTermKeys: false,
  };

  for (const [title, json, partition] of [
    ['for self-service', smallestSelfServicePolicy(user('alice')), 'aws'],
    ['for self-service in China', smallestSelfServicePolicy(user('alice', 'aws-cn')), 'aws-cn'],
    ['for self-service in GovCloud', smallestSelfServicePolicy(user('alice', 'aws-us-gov')), 'aws-us-gov'],
    ['for keepers', smallestKeeperPolicy(user('alice')), 'aws'],
    ['for keepers in GovCloud', smallestKeeperPolicy(user('alice', 'aws-us-gov')), 'aws-us-gov'],
    ['for keepers in a role in China', smallestKeeperPolicy(role), 'aws-cn'],
  ] as const) {
    it(`are what AWS takes, ${title}`, () => {
      const policy = JSON.parse(json) as Policy;
      assert.equal(policy.Version, '2012-10-17');
      const sids = policy.Statement.map(({ Sid }) => Sid);
      assert.equal(new Set(sids).size, sids.length, 'each has a Sid of its own');
      for (const { Sid, Action, Resource, Effect } of policy.Statement) {
        assert.match(Sid, /^[A-Za-z0-9]+$/);
        assert.equal(Effect, 'Allow');
        list(Action).forEach((action) => assert.match(action, /^iam:[A-Za-z]+$/, 'no wildcard'));
        for (const resource of list(Resource)) {
          const inAccount =
            resource.startsWith(`arn:${partition}:iam::${practiceId}:`) ||
            resource === `arn:${partition}:iam::aws:policy/*`;
          assert.ok(resource === '*' || inAccount, resource);
        }
      }
      // As an inline policy of a user, with nothing else there (iam-facts 4).
      const characters = json.replace(/\s/g, '').length;
      assert.ok(characters <= 2048, `${characters} characters`);
    });
  }

  it('reach a user under any path, and nobody else', () => {
    const json = smallestSelfServicePolicy(user('ines', 'aws', '/contractors/'));
    const can = (resource: string) => allows(json, 'ines', 'iam:EnableMFADevice', arn(resource));
    assert.ok(can('user/contractors/ines'), 'under the path');
    assert.ok(can('user/a/b/ines'), 'under a longer one');
    assert.ok(can('user/ines'), 'without one');
    assert.ok(!can('user/contractors/other'), 'nobody under the same path');
    assert.ok(!can('user/contractors/martines'), 'nobody whose name ends so');
    assert.ok(!can('user/ines/other'), 'nobody under a path of that name');
  });

  it('reach the names that devices are given here, and no name that is another user’s', () => {
    const json = smallestSelfServicePolicy(user('bob'));
    const names: string[] = [];
    while (names.length < 8) {
      names.push(nextFreeName('bob', names));
    }
    for (const action of ['iam:CreateVirtualMFADevice', 'iam:DeleteVirtualMFADevice']) {
      assert.deepEqual(
        names.filter((name) => !allows(json, 'bob', action, serialOf(name))),
        [],
      );
      assert.ok(!allows(json, 'bob', action, serialOf('bob-smith')), 'another user');
      assert.ok(!allows(json, 'bob', action, serialOf('bobby')), 'another user');
    }
  });

  it('let nobody deactivate their device without MFA', () => {
    const json = smallestSelfServicePolicy(user('bob'));
    const can = (mfa: boolean) => allows(json, 'bob', 'iam:DeactivateMFADevice', arn('user/bob'), mfa);
    assert.deepEqual([can(false), can(true)], [false, true]);
  });

  it('let a keeper ask about their own permissions alone', () => {
    const can = (json: string, resource: string) => allows(json, 'bob', 'iam:SimulatePrincipalPolicy', resource);
    const asUser = smallestKeeperPolicy(user('bob'));
    assert.deepEqual([can(asUser, arn('user/x/bob')), can(asUser, arn('user/alice'))], [true, false]);
    const asRole = smallestKeeperPolicy(role);
    const cn = (resource: string) => `arn:aws-cn:iam::${practiceId}:${resource}`;
    assert.deepEqual(
      ['role/Keepers', 'role/team/Keepers', 'role/Others'].map((resource) => can(asRole, cn(resource))),
      [true, true, false],
    );
  });

  it('hold for a keeper all that is told of', async () => {
    const setup = await Setup.open();
    try {
      const { account } = await setup.loaded();
      assert.ok(account, 'the account was read');
      const json = smallestKeeperPolicy(account.caller);
      const gaps = permissionsFromExperience(account)
        .capabilities.flatMap(({ needs }) => needs)
        .filter(({ action, resource }) => !allows(json, account.caller.userName ?? '', action, resource));
      assert.deepEqual(gaps, []);
    } finally {
      await setup.close();
    }
  });

  it('come as one statement, or as a list where the resources differ', () => {
    const enable = { action: 'iam:EnableMFADevice', resource: arn('user/*') };
    const create = { action: 'iam:CreateVirtualMFADevice', resource: arn('mfa/*') };
    assert.deepEqual(JSON.parse(allowingStatement('enrol', [enable])), {
      Sid: 'AllowEnrol',
      Effect: 'Allow',
      Action: 'iam:EnableMFADevice',
      Resource: arn('user/*'),
    });
    assert.deepEqual(
      (JSON.parse(allowingStatement('enrol', [create, enable])) as readonly PolicyStatement[]).map(
        ({ Sid, Resource }) => [Sid, Resource],
      ),
      [
        ['AllowEnrol', arn('mfa/*')],
        ['AllowEnrol2', arn('user/*')],
      ],
    );
  });

  describe('suffice', () => {
    let setup: Setup;

    beforeEach(async () => {
      setup = await Setup.open({ company: companyWith({ name: 'ada', path: '/staff/', createdDaysAgo: 3 }) });
    });
    afterEach(() => setup.close());

    /** Gives a user the actions of a policy and no more. */
    const give = (userName: string, json: string) => setup.own(userName, { only: actionsOf(json) });

    const refusedCalls = () =>
      setup.practice.calls.filter(({ status }) => status === 403).map(({ operation }) => operation);

    it('to enrol oneself', async () => {
      const caller = give('ada', smallestSelfServicePolicy(user('ada', 'aws', '/staff/')));
      const enrolling = await setup.enrolling('ada', { caller });
      await enrolling.enrolment.start();
      await enrolling.typeAndSubmit();
      assert.equal(enrolling.as('done').confirmed, true);
      assert.deepEqual(setup.devicesOf('ada'), [serialOf('ada')]);
    });

    it('to leave nothing behind where one thinks better of it', async () => {
      const caller = give('ada', smallestSelfServicePolicy(user('ada')));
      const before = setup.unassigned();
      const enrolling = await setup.enrolling('ada', { caller });
      await enrolling.enrolment.start();
      enrolling.as('ready');
      await enrolling.enrolment.cancel();
      assert.deepEqual(enrolling.as('cancelled').remains, { kind: 'nothing' });
      assert.deepEqual(setup.unassigned(), before);
    });

    it('with every action they hold for self-service: without any of the needed ones it fails', async () => {
      const all = actionsOf(smallestSelfServicePolicy(user('theo')));
      for (const needed of ['iam:CreateVirtualMFADevice', 'iam:EnableMFADevice']) {
        const name = `without ${needed}`;
        const permissions = { only: all.filter((action) => action !== needed) };
        setup.practice.addCaller({ name, identity: { kind: 'user', userName: 'theo' }, permissions });
        const enrolling = await setup.enrolling('theo', { caller: name });
        await enrolling.enrolment.start();
        if (enrolling.enrolment.state.kind === 'ready') {
          await enrolling.typeAndSubmit();
        }
        assert.equal(enrolling.as('failed').problem.permission, needed);
      }
    });

    it('to do everything for others, with nothing refused', async () => {
      const caller = give('sam', smallestKeeperPolicy(user('sam')));
      const enrolling = await setup.enrolling('theo', { caller });
      await enrolling.enrolment.start();
      await enrolling.typeAndSubmit();
      enrolling.as('done');

      const { directory } = enrolling;
      const iam: Iam = directory.iam;
      await directory.readDetails('theo');
      await directory.readDetails('priya');
      await iam.tagDevice(serialOf('theo'), new Map([['Name', 'phone']]));
      await iam.untagDevice(serialOf('theo'), ['Name']);
      assert.deepEqual((await iam.userPolicies('priya')).problems, []);
      await iam.credentialReport();
      const code = (steps: number) => setup.codeOf(serialOf('theo'), steps);
      setup.clock.advance(120_000);
      await iam.resyncMfaDevice('theo', serialOf('theo'), await code(-1), await code(0));
      await iam.deactivateMfaDevice('theo', serialOf('theo'));
      await iam.deleteVirtualMfaDevice(serialOf('theo'));

      const { account } = directory;
      assert.ok(account, 'the account was read');
      const permissions = await askPermissions(iam, account);
      assert.deepEqual(
        permissions.capabilities.filter(({ state }) => state.kind !== 'works').map(({ id }) => id),
        [],
      );
      assert.deepEqual(refusedCalls(), []);
    });
  });
});
