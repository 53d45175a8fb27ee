import type { Caller } from './account';
import { virtualSerial } from './device';
import type { AccountSnapshot } from './accountSnapshot';
import type { Iam, SimulatedDecision } from './iam';
import { asProblem, type Problem } from './problem';
import { proofNeed } from './proof';
import type { UserEntry } from './users';

/** What can be done here, in the order in which it is told. */
export const capabilityIds = [
  'ownDevices',
  'ownEnrol',
  'ownResync',
  'ownDeactivate',
  'ownDelete',
  'enrol',
  'resync',
  'deactivate',
  'users',
  'passwords',
  'delete',
  'report',
  'policies',
  'simulator',
] as const;
export type CapabilityId = (typeof capabilityIds)[number];

/** Whom a capability is about. `self` is there for IAM users alone: nobody else has devices of their own in IAM. */
export type Area = 'self' | 'others' | 'account';

/** One action that a capability takes, and what it is done to, as policies name it (iam-facts 1.8). */
export interface Need {
  readonly action: string;
  readonly resource: string;
}

/** Where something is known from. */
export type Source =
  /** AWS's policy simulator was asked. */
  | 'simulator'
  /** A call in this account has worked or was refused. */
  | 'seen'
  /** The root user needs no policy. */
  | 'root';

/** An action that is not allowed. */
export interface Missing extends Need {
  /** What forbids it, where adding a statement that allows it would not help. */
  readonly forbiddenBy?:
    | 'policy'
    | 'organization'
    | 'boundary'
    /** The simulator would allow it, but AWS refused: something that is not simulated, such as a session's own policy. */
    | 'unknown';
}

/** Whether it will work: three honest states, the first of them in two shades. */
export type CapabilityState =
  | { readonly kind: 'works'; readonly sources: readonly Source[] }
  /** Some of it is allowed only with MFA. */
  | { readonly kind: 'withCode'; readonly sources: readonly Source[]; readonly needs: readonly Need[] }
  | { readonly kind: 'refused'; readonly sources: readonly Source[]; readonly missing: readonly Missing[] }
  | { readonly kind: 'unknown' };

/**
 * AWS's own rule, which is no policy: who has a device and signs with long-term keys gives a code before enabling or deactivating
 * their own (iam-facts 2.5).
 */
export type CodeRule =
  | 'codeNeeded'
  /** No device of theirs shows codes that STS takes. */
  | 'onlyConsole'
  /** Whether they have a device is not known. */
  | 'codeIfDevice';

export interface Capability {
  readonly id: CapabilityId;
  readonly area: Area;
  readonly needs: readonly Need[];
  readonly state: CapabilityState;
  readonly codeRule?: CodeRule;
  /** Condition keys that the policies ask for and that the simulator was not told. */
  readonly untold: readonly string[];
}

export interface Permissions {
  readonly capabilities: readonly Capability[];
  /** Why AWS's simulator could not be asked, or not to the end. */
  readonly problem?: Problem;
}

/** What is known of one action on one resource. */
export type Finding =
  | { readonly kind: 'allowed' | 'withCode'; readonly source: Source; readonly untold?: readonly string[] }
  | {
      readonly kind: 'denied';
      readonly source: Source;
      readonly missing: Missing;
      readonly untold?: readonly string[];
    };

/** What is known of each need. See `needKey`. */
export type Findings = ReadonlyMap<string, Finding>;

export function needKey({ action, resource }: Need): string {
  return `${action} ${resource}`;
}

/** What the simulator said, as far as it was asked. */
export interface Simulation {
  readonly findings: Findings;
  readonly problem?: Problem;
}

/** @returns what may be done, from what was seen in the account alone; nothing is asked */
export function permissionsFromExperience(account: AccountSnapshot): Permissions {
  return permissionsFromSimulation(account, { findings: new Map() });
}

/** @returns what may be done, from the simulator and from what was seen in the account: what AWS did outweighs what it would do */
export function permissionsFromSimulation(account: AccountSnapshot, simulation: Simulation): Permissions {
  const seen = seenIn(account);
  const findingOf = (need: Need): Finding | undefined =>
    weigh(seen.get(needKey(need)), simulation.findings.get(needKey(need)));
  const root = principalOf(account.caller).kind === 'root';
  return {
    capabilities: capabilitiesOf(account.caller).map(({ id, area, needs }) => {
      const findings = needs.map(findingOf);
      const state: CapabilityState = root ? { kind: 'works', sources: ['root'] } : stateOf(needs, findings);
      const codeRule = state.kind === 'refused' ? undefined : codeRuleOf(id, account);
      return {
        id,
        area,
        needs,
        state,
        ...(codeRule && { codeRule }),
        untold: [...new Set(findings.flatMap((finding) => finding?.untold ?? []))],
      };
    }),
    ...(simulation.problem && { problem: simulation.problem }),
  };
}

/**
 * Asks AWS's simulator what the caller may do, and adds what was seen in the account. Rejects with the signal's reason alone: where
 * the simulator cannot be asked, `problem` says why.
 */
export async function askPermissions(iam: Iam, account: AccountSnapshot, signal?: AbortSignal): Promise<Permissions> {
  return permissionsFromSimulation(account, await new Simulating(iam, account.caller, signal).run());
}

/** Whose policies decide. */
type Principal =
  | { readonly kind: 'user'; readonly arn: string }
  /** The ARN of a session does not tell the role's path. */
  | { readonly kind: 'role'; readonly name: string; readonly arnWithoutPath: string }
  | { readonly kind: 'root' }
  /** Whom the simulator does not take, such as a federated user. */
  | { readonly kind: 'other' };

function principalOf({ arn, partition, accountId, userName }: Caller): Principal {
  if (userName !== undefined) {
    return { kind: 'user', arn };
  }
  if (arn === `arn:${partition}:iam::${accountId}:root`) {
    return { kind: 'root' };
  }
  const name = roleNameOf(arn);
  return name === undefined
    ? { kind: 'other' }
    : { kind: 'role', name, arnWithoutPath: `arn:${partition}:iam::${accountId}:role/${name}` };
}

/** @returns the name of the role that a session is of; undefined where the ARN is no session's of a role */
export function roleNameOf(arn: string): string | undefined {
  return /^arn:[^:]+:sts::\d*:assumed-role\/([^/]+)\/.+$/.exec(arn)?.[1];
}

/** What there is to be done for this caller, and what it takes. */
function capabilitiesOf(caller: Caller): readonly Pick<Capability, 'id' | 'area' | 'needs'>[] {
  const { partition, accountId, userName } = caller;
  const inAccount = (resource: string) => `arn:${partition}:iam::${accountId}:${resource}`;
  // Others are asked about all at once: assumed is that the simulator takes `*` in an ARN as it stands, so that it says no where a
  // policy allows some of them only.
  const others = inAccount('user/*');
  const devices = inAccount('mfa/*');
  const on = (resource: string, ...actions: string[]): Need[] =>
    actions.map((action) => ({ action: `iam:${action}`, resource }));
  const one = (id: CapabilityId, area: Area, ...needs: Need[][]) => ({ id, area, needs: needs.flat() });
  const own =
    userName === undefined
      ? []
      : [
          one('ownDevices', 'self', on(caller.arn, 'ListMFADevices')),
          // Older policies allow no other name than the user's (iam-facts 2.7).
          one(
            'ownEnrol',
            'self',
            on(virtualSerial(partition, accountId, userName), 'CreateVirtualMFADevice'),
            on(caller.arn, 'EnableMFADevice'),
          ),
          one('ownResync', 'self', on(caller.arn, 'ResyncMFADevice')),
          one('ownDeactivate', 'self', on(caller.arn, 'DeactivateMFADevice')),
          one('ownDelete', 'self', on(virtualSerial(partition, accountId, userName), 'DeleteVirtualMFADevice')),
        ];
  const simulated = simulatedArn(principalOf(caller));
  return [
    ...own,
    one('enrol', 'others', on(devices, 'CreateVirtualMFADevice'), on(others, 'EnableMFADevice')),
    one('resync', 'others', on(others, 'ResyncMFADevice')),
    one('deactivate', 'others', on(others, 'DeactivateMFADevice')),
    one('users', 'account', on('*', 'ListUsers', 'ListVirtualMFADevices'), on(others, 'ListMFADevices')),
    one('passwords', 'account', on(others, 'GetLoginProfile')),
    one('delete', 'account', on(devices, 'DeleteVirtualMFADevice')),
    one('report', 'account', on('*', 'GenerateCredentialReport', 'GetCredentialReport')),
    one(
      'policies',
      'account',
      on(others, 'ListUserPolicies', 'GetUserPolicy', 'ListAttachedUserPolicies', 'ListGroupsForUser'),
      on(inAccount('group/*'), 'ListGroupPolicies', 'GetGroupPolicy', 'ListAttachedGroupPolicies'),
      on(inAccount('policy/*'), 'GetPolicy', 'GetPolicyVersion'),
    ),
    ...(simulated === undefined ? [] : [one('simulator', 'account', on(simulated, 'SimulatePrincipalPolicy'))]),
  ];
}

/** The ARN that the right to simulate is named by; of a role without its path, which may not be known. */
function simulatedArn(principal: Principal): string | undefined {
  switch (principal.kind) {
    case 'user':
      return principal.arn;
    case 'role':
      return principal.arnWithoutPath;
    case 'root':
    case 'other':
      return undefined;
  }
}

/** One asking of the simulator: a call for each resource, and one more where MFA may make a difference. */
class Simulating {
  readonly #findings = new Map<string, Finding>();
  /** Whether the policies have asked for the user's name: only then it is told, since AWS may well know it by itself. */
  #tellsName = false;

  constructor(
    private readonly iam: Iam,
    private readonly caller: Caller,
    private readonly signal: AbortSignal | undefined,
  ) {}

  async run(): Promise<Simulation> {
    const principal = principalOf(this.caller);
    if (principal.kind === 'root' || principal.kind === 'other') {
      return { findings: this.#findings };
    }
    const right: Need = { action: 'iam:SimulatePrincipalPolicy', resource: simulatedArn(principal) ?? '*' };
    // What hid the role's path: it matters where AWS does not know the role without one.
    let hidden: Problem | undefined;
    let arn = right.resource;
    try {
      if (principal.kind === 'role') {
        try {
          arn = await this.iam.roleArn(principal.name, this.signal);
        } catch (error) {
          hidden = this.#problem(error, 'GetRole');
        }
      }
      for (const [resource, actions] of this.#groups()) {
        await this.#askAbout(arn, resource, actions);
        this.#note(right, { kind: 'allowed', source: 'seen' });
      }
      return { findings: this.#findings };
    } catch (error) {
      const problem = this.#problem(error, 'SimulatePrincipalPolicy');
      const cause = hidden && (problem.code === 'notFound' || problem.code === 'invalidInput') ? hidden : problem;
      if (cause.code === 'accessDenied') {
        const missing: Missing = { action: `iam:${cause.operation}`, resource: cause.resource ?? arn };
        this.#note(right, { kind: 'denied', source: 'seen', missing });
      }
      return { findings: this.#findings, problem: cause };
    }
  }

  /** What is to be asked about, by resource; the simulator itself tells by answering. */
  #groups(): ReadonlyMap<string, readonly string[]> {
    const groups = new Map<string, readonly string[]>();
    for (const { id, needs } of capabilitiesOf(this.caller)) {
      for (const { action, resource } of id === 'simulator' ? [] : needs) {
        groups.set(resource, [...(groups.get(resource) ?? []), action]);
      }
    }
    return groups;
  }

  async #askAbout(principal: string, resource: string, actions: readonly string[]): Promise<void> {
    const { longTermKeys, userName } = this.caller;
    // A user's session may be one made with a code or not, which its keys do not tell: asked is what holds for either.
    const plain = await this.#decisions(
      principal,
      resource,
      actions,
      userName === undefined || longTermKeys ? undefined : false,
    );
    const denied = plain.filter(({ decision }) => decision !== 'allowed');
    // In the session of a role the key is absent, whatever the role was assumed with (iam-facts 6.2).
    const withCode =
      userName === undefined || denied.length === 0
        ? []
        : await this.#decisions(
            principal,
            resource,
            denied.map(({ action }) => action),
            true,
          );
    for (const { action, decision, limit, untold } of plain) {
      const need = { action, resource };
      const proved = withCode.find((other) => other.action === action);
      if (decision === 'allowed' || proved?.decision === 'allowed') {
        const kind = decision === 'allowed' ? 'allowed' : 'withCode';
        this.#note(need, {
          kind,
          source: 'simulator',
          untold: besidesMfa(kind === 'allowed' ? untold : (proved?.untold ?? [])),
        });
      } else {
        // What forbids it with MFA forbids it for good.
        const last = proved ?? { decision, limit };
        const forbiddenBy = last.limit ?? (last.decision === 'explicitDeny' ? 'policy' : undefined);
        this.#note(need, {
          kind: 'denied',
          source: 'simulator',
          missing: { ...need, ...(forbiddenBy && { forbiddenBy }) },
          untold: besidesMfa(untold),
        });
      }
    }
  }

  async #decisions(
    principal: string,
    resource: string,
    actions: readonly string[],
    mfa: boolean | undefined,
  ): Promise<readonly SimulatedDecision[]> {
    const { userName } = this.caller;
    const ask = () => {
      const name = this.#tellsName && userName !== undefined ? { userName } : {};
      return this.iam.simulate(
        { principal, actions, resource, ...(mfa !== undefined && { mfa }), ...name },
        this.signal,
      );
    };
    const decisions = await ask();
    if (userName === undefined || this.#tellsName || !decisions.some(({ untold }) => untold.some(isUserName))) {
      return decisions;
    }
    this.#tellsName = true;
    return ask();
  }

  #note(need: Need, finding: Finding): void {
    this.#findings.set(needKey(need), finding);
  }

  /** @throws the signal's reason where it was aborted, and what is no problem */
  #problem(error: unknown, operation: string): Problem {
    this.signal?.throwIfAborted();
    return asProblem(error, operation);
  }
}

/** MFA is left out on purpose, and asked about besides. */
function besidesMfa(untold: readonly string[]): readonly string[] {
  return untold.filter((key) => !/^aws:multifactorauth/i.test(key));
}

function isUserName(key: string): boolean {
  return key.toLowerCase() === 'aws:username';
}

/** What the reading of the account has shown: a list that was read works, and what was refused does not. */
function seenIn({ caller, users, onlyYou, virtualDevices, virtualDevicesRefused }: AccountSnapshot): Findings {
  const findings = new Map<string, Finding>();
  const note = (action: string, resource: string, seen: Seen | undefined) => {
    const need = { action: `iam:${action}`, resource };
    if (seen?.kind === 'worked') {
      findings.set(needKey(need), { kind: 'allowed', source: 'seen' });
    } else if (seen) {
      findings.set(needKey(need), { kind: 'denied', source: 'seen', missing: { ...need, resource: seen.resource } });
    }
  };
  const entries = [...users.values()];
  const others = `arn:${caller.partition}:iam::${caller.accountId}:user/*`;
  note('ListUsers', '*', onlyYou ? refused(onlyYou, '*') : worked);
  note('ListVirtualMFADevices', '*', virtualDevices ? worked : refused(virtualDevicesRefused, '*'));
  const strangers = entries.filter(({ isCaller }) => !isCaller);
  note('ListMFADevices', others, together(strangers.map(devicesSeen)));
  note('GetLoginProfile', others, together(strangers.map(passwordSeen)));
  const own = entries.find(({ isCaller }) => isCaller);
  note('ListMFADevices', caller.arn, own && devicesSeen(own));
  if (entries.some(({ password }) => password.kind !== 'unknown' && password.source === 'report')) {
    note('GenerateCredentialReport', '*', worked);
    note('GetCredentialReport', '*', worked);
  }
  return findings;
}

type Seen = { readonly kind: 'worked' } | { readonly kind: 'refused'; readonly resource: string };

const worked: Seen = { kind: 'worked' };

/** Only a refusal tells of permissions: a call that failed in another way tells nothing. */
function refused(problem: Problem | undefined, resource: string): Seen | undefined {
  return problem?.code === 'accessDenied' ? { kind: 'refused', resource } : undefined;
}

function devicesSeen({ user, mfa }: UserEntry): Seen | undefined {
  switch (mfa.kind) {
    case 'unknown':
      return refused(mfa.problem, user.arn);
    case 'checking':
      return undefined;
    case 'none':
      return worked;
    case 'has':
      // Those of whom the list of virtual devices told were not asked about.
      return mfa.complete ? worked : undefined;
  }
}

function passwordSeen({ user, password }: UserEntry): Seen | undefined {
  if (password.kind === 'unknown') {
    return refused(password.problem, user.arn);
  }
  // That a password was used is told by the list of users.
  return password.source === 'live' && user.passwordLastUsed === undefined ? worked : undefined;
}

/** One who may not be read is enough to say that not all may; one who may be read stands for all who were asked about. */
function together(seen: readonly (Seen | undefined)[]): Seen | undefined {
  return seen.find((one) => one?.kind === 'refused') ?? seen.find((one) => one !== undefined);
}

/** What AWS did outweighs what its simulator says, but for a code that was not given. */
function weigh(seen: Finding | undefined, simulated: Finding | undefined): Finding | undefined {
  if (!seen || !simulated) {
    return seen ?? simulated;
  }
  if (seen.kind === 'denied') {
    switch (simulated.kind) {
      case 'withCode':
        return simulated;
      case 'allowed':
        return { ...seen, missing: { ...seen.missing, forbiddenBy: 'unknown' } };
      case 'denied':
        // It knows more of why.
        return simulated;
    }
  }
  return seen;
}

function stateOf(needs: readonly Need[], findings: readonly (Finding | undefined)[]): CapabilityState {
  const known = findings.filter((finding) => finding !== undefined);
  const denied = known.filter((finding) => finding.kind === 'denied');
  if (denied.length > 0) {
    return { kind: 'refused', sources: sourcesOf(denied), missing: denied.map(({ missing }) => missing) };
  }
  if (known.length < findings.length) {
    return { kind: 'unknown' };
  }
  const withCode = needs.filter((_, index) => findings[index]?.kind === 'withCode');
  return withCode.length > 0
    ? { kind: 'withCode', sources: sourcesOf(known), needs: withCode }
    : { kind: 'works', sources: sourcesOf(known) };
}

function sourcesOf(findings: readonly Finding[]): readonly Source[] {
  return [...new Set(findings.map(({ source }) => source))].sort();
}

function codeRuleOf(id: CapabilityId, account: AccountSnapshot): CodeRule | undefined {
  if (id !== 'ownEnrol' && id !== 'ownDeactivate') {
    return undefined;
  }
  const own = [...account.users.values()].find(({ isCaller }) => isCaller);
  switch (proofNeed(account, own).kind) {
    case 'code':
      return 'codeNeeded';
    case 'impossible':
      return 'onlyConsole';
    case 'none':
      return account.caller.longTermKeys && own?.mfa.kind !== 'none' ? 'codeIfDevice' : undefined;
  }
}
