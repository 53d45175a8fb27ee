import assert from 'node:assert/strict';
import { connect, type Connection } from '../../../src/aws/connect';
import type { AccountSource } from '../../../src/core/account';
import { labelDevice, labelKeys } from '../../../src/core/deviceLabels';
import { deviceKind, type Device } from '../../../src/core/device';
import type { AccountSnapshot } from '../../../src/core/accountSnapshot';
import { Directory } from '../../../src/core/directory';
import { Enrolment, type EnrolmentState, type NewKind } from '../../../src/core/enrolment';
import type { Iam } from '../../../src/core/iam';
import { deleteLeftovers } from '../../../src/core/leftovers';
import { Removal } from '../../../src/core/removal';
import { Resync } from '../../../src/core/resync';
import { sweepUnfinished, type UnfinishedDevice } from '../../../src/core/unfinished';
import { smallCompany, type CompanyCaller, type CompanyDevice } from '../../../src/practice/company';
import type { Fault } from '../../../src/practice/faults';
import type { Mishap } from '../relay';
import { MemoryUnfinishedStore } from '../doubles';
import { serialOf, Setup } from '../practiceSetup';

/** Riley’s devices are what everything here is about; casey is there to be given one of them. */
export const user = 'riley';
const other = 'casey';

const virtual = (name: string, enabledDaysAgo: number): CompanyDevice => ({ kind: 'virtual', name, enabledDaysAgo });
const app = virtual('riley', 90);
const app2 = virtual('riley-tablet', 60);
const token = { kind: 'hardware', serial: 'GAHT40000001', enabledDaysAgo: 90 } as const satisfies CompanyDevice;
const passkey: CompanyDevice = { kind: 'passkey', name: 'key', enabledDaysAgo: 90 };
const sms: CompanyDevice = { kind: 'sms', name: 'riley', enabledDaysAgo: 95 };
const seven = Array.from({ length: 7 }, (_, index) => virtual(`extra-${index}`, 50 - index));
const spareToken = 'GAHT40000002';
const unknownToken = 'GAHT49999999';
const deviceSerial = serialOf('riley');
const tabletSerial = serialOf('riley-tablet');

interface Opening {
  /** The first of them is the one that is acted on. */
  readonly riley?: readonly CompanyDevice[];
  readonly casey?: readonly CompanyDevice[];
  /** An unassigned virtual device: a leftover, or held by another window that enrols it. */
  readonly nobody?: 'leftover' | 'held';
}

/** What is there at the start. “It” is the device that is acted on: where there is none, one of riley’s name. */
export const states = {
  'no device': {},
  'the only app': { riley: [app] },
  'an app of two': { riley: [app, app2] },
  'the only token': { riley: [token] },
  'a token of two': { riley: [token, virtual('riley', 80)] },
  'the only passkey': { riley: [passkey] },
  'a passkey of two': { riley: [passkey, virtual('riley', 80)] },
  'only text messages': { riley: [sms] },
  'text messages of two': { riley: [sms, app] },
  'an app of eight': { riley: [app, ...seven] },
  'a token of eight': { riley: [token, ...seven] },
  'a leftover': { nobody: 'leftover' },
  'one being enrolled elsewhere': { nobody: 'held' },
  'an app of somebody else': { casey: [app] },
} as const satisfies Readonly<Record<string, Opening>>;
export type StateName = keyof typeof states;

export const actions = {
  'add an app': (stage) => enrol(stage, 'virtual'),
  'delete the leftover in the way and add an app': (stage) => enrol(stage, 'virtual', undefined, { clear: true }),
  'add an app of its name': (stage) => enrol(stage, 'virtual', undefined, { name: 'riley' }),
  'add a token': (stage) => enrol(stage, 'token'),
  'replace it by an app': (stage) => enrol(stage, 'virtual', stage.target),
  'replace it by a token': (stage) => enrol(stage, 'token', stage.target),
  'resync it': resync,
  'remove it': (stage) => remove(stage, [stage.target.serial]),
  'remove all': (stage) => remove(stage),
  'delete it as a leftover': deleteLeftover,
  'label it': (stage) => label(stage, 'Front desk'),
  'take its label away': (stage) => label(stage, ''),
} as const satisfies Readonly<Record<string, (stage: Stage) => Promise<string>>>;
export type ActionName = keyof typeof actions;

/** Who acts: somebody who looks after others, or riley with long-term keys. */
export type Who = 'keeper' | 'riley';

const callers: readonly CompanyCaller[] = [
  { name: 'keeper', identity: { kind: 'user', userName: 'jordan' }, permissions: 'everything' },
  { name: 'riley', identity: { kind: 'user', userName: user }, permissions: 'everything' },
  // Whoever else is at work in the account, and whoever starts the product the next time.
  {
    name: 'somebody',
    identity: { kind: 'role', roleName: 'Administrator', sessionName: 'somebody' },
    permissions: 'everything',
  },
];

const shortNames = {
  Create: 'CreateVirtualMFADevice',
  Enable: 'EnableMFADevice',
  Deactivate: 'DeactivateMFADevice',
  Delete: 'DeleteVirtualMFADevice',
  Resync: 'ResyncMFADevice',
  Tag: 'TagMFADevice',
  Untag: 'UntagMFADevice',
} as const;
const shortNameOf = new Map<string, string>(Object.entries(shortNames).map(([short, name]) => [name, short]));
const operationOf = (short: string): string => (shortNames as Readonly<Record<string, string>>)[short] ?? short;

/** Remembers, and may be the last thing that a process does. */
class MortalStore extends MemoryUnfinishedStore {
  /** Told the serial that has just been remembered; what it returns is waited for. */
  afterAdd: (serial: string) => Promise<void> = () => Promise.resolve();

  override async add(device: UnfinishedDevice): Promise<void> {
    await super.add(device);
    await this.afterAdd(device.serial);
  }
}

/** The account in one state, one person’s window on it, and all that happens meanwhile. */
export class Stage {
  /** What the person did on the way: proved a device, made room, was asked again. */
  readonly way: string[] = [];
  /** True once the person has typed the user’s name to lose the last device. */
  byName = false;
  /** Gives the flow up. */
  cancel: () => unknown = () => undefined;
  code: (serial: string) => Promise<string> = (serial) => this.#codeAt(serial, this.setup.clock.now());
  tokenSerial = spareToken;
  readonly #atQuestion: (() => unknown)[] = [];
  readonly #atSecond: (() => unknown)[] = [];
  /** Ids of devices that somebody else made, and of those that somebody else took from riley. */
  readonly #given = new Set<string>();
  readonly #freedByOthers = new Set<string>();
  readonly #freeAtStart: ReadonlySet<string>;
  readonly #heldElsewhere: string[];
  readonly #hadAtStart: number;
  /** How many calls of an operation reached the account before one was lost. */
  readonly #lost = new Map<string, number>();
  #toHappen = 0;
  #died: Promise<void> | undefined;
  #connection: Promise<Connection> | undefined;

  #store: MemoryUnfinishedStore;
  #directory: Directory;

  private constructor(
    readonly setup: Setup,
    private readonly mortal: MortalStore,
    directory: Directory,
    readonly account: AccountSnapshot,
    readonly target: Device,
  ) {
    this.#store = mortal;
    this.#directory = directory;
    this.#freeAtStart = new Set(setup.unassigned());
    this.#heldElsewhere = [...mortal.serials];
    this.#hadAtStart = setup.devicesOf(user).length;
  }

  static async open(state: StateName, who: Who): Promise<Stage> {
    const opening: Opening = states[state];
    const person = (name: string, devices: readonly CompanyDevice[] = []) => ({
      name,
      createdDaysAgo: 200,
      password: { changedDaysAgo: 90, lastUsedDaysAgo: 1 },
      devices,
    });
    const setup = await Setup.open({
      company: {
        ...smallCompany(),
        users: [person('jordan', [virtual('jordan', 100)]), person(user, opening.riley), person(other, opening.casey)],
        unassigned: opening.nobody ? [{ name: 'riley', createdDaysAgo: 20 }] : [],
        spareTokens: [spareToken],
        callers,
      },
    });
    const store = new MortalStore();
    if (opening.nobody === 'held') {
      await store.add(remembered(deviceSerial, setup));
    }
    const directory = await Stage.#read(await setup.iam(who), setup, store);
    const { account } = directory;
    assert.ok(account, 'the account was read');
    const [first] = setup.devicesOf(user);
    return new Stage(setup, store, directory, account, { serial: first ?? deviceSerial });
  }

  /** A directory that has read the account, with riley’s row open. */
  static async #read(iam: Iam, { clock }: Setup, store: MemoryUnfinishedStore): Promise<Directory> {
    const directory = new Directory(iam, clock, { held: () => store.held(), seen: () => new Map() });
    await directory.load();
    await directory.refreshUser(user);
    return directory;
  }

  async close(): Promise<void> {
    (await this.#connection)?.dispose();
    await this.setup.close();
  }

  /** What the flows are given. */
  get tools() {
    const { account, setup } = this;
    return {
      directory: this.#directory,
      unfinished: this.#store,
      source,
      account,
      clock: setup.clock,
      userName: user,
    };
  }

  /**
   * Does it, with all that happens meanwhile.
   * @returns what the person was told in the end
   */
  async run(action: ActionName): Promise<string> {
    const flow = actions[action](this);
    const end = await (this.#died ? Promise.race([flow, this.#died.then(() => this.#startAnew())]) : flow);
    assert.equal(this.#toHappen, 0, 'what should happen meanwhile did');
    const waiting = this.setup.practice.faults.active.filter(({ times }) => times !== undefined);
    assert.deepEqual(waiting, [], 'every fault struck');
    return [...this.way, end].join(', ');
  }

  /** The person has seen what there is, and is about to say yes. */
  async question(): Promise<void> {
    for (const event of this.#atQuestion.splice(0)) {
      this.#toHappen--;
      await event();
    }
  }

  /** The second device of several is about to go. */
  second(): void {
    for (const event of this.#atSecond.splice(0)) {
      this.#toHappen--;
      event();
    }
  }

  /** Takes a sentence to pieces and lets it happen. */
  meanwhile(sentence: string): void {
    for (const part of sentence.split(' and ')) {
      const found = sentences.find(([pattern]) => pattern.test(part));
      assert.ok(found, `it is not known how “${part}” happens`);
      const [pattern, happen] = found;
      happen(this, ...(pattern.exec(part) ?? []).slice(1));
    }
  }

  atQuestion(event: () => unknown): void {
    this.#toHappen++;
    this.#atQuestion.push(event);
  }

  atSecond(event: () => unknown): void {
    this.#toHappen++;
    this.#atSecond.push(event);
  }

  /** While the answer of an operation, whose work is done, is on its way. */
  during(operation: string, event: () => unknown): void {
    this.#toHappen++;
    const gate = this.setup.relay.hold(operation);
    void gate.reached.then(async () => {
      this.#toHappen--;
      await event();
      gate.open();
    });
  }

  /** The process ends once an operation is done, before it hears so. */
  dieAfter(operation: string): void {
    this.#died = this.setup.relay.hold(operation).reached;
  }

  /** The process ends right after a device was remembered, before anything was sent. */
  dieBefore(operation: string): void {
    this.#died = new Promise((resolve) => {
      this.mortal.afterAdd = (serial) => {
        const exists = this.setup.practice.devices().some((device) => device.serial === serial);
        if (exists !== (operation === shortNames.Deactivate)) {
          return Promise.resolve();
        }
        resolve();
        return new Promise(() => undefined);
      };
    });
  }

  /** A fault that strikes once. */
  fault(operation: string, mishap: string): void {
    const faults: Readonly<Record<string, Fault>> = {
      'is refused': { kind: 'deny', operation, times: 1 },
      'is throttled': { kind: 'throttle', operation, times: 1 },
      'finds the sign-in run out': { kind: 'expiredToken', operation, times: 1 },
      'meets a 503 page': { kind: 'html503', operation, times: 1 },
      'meets a fault of AWS': { kind: 'serverError', operation, times: 1 },
      'is answered in vain': { kind: 'dropAnswer', operation, times: 1 },
    };
    const fault = faults[mishap];
    if (fault) {
      this.setup.practice.faults.set(fault);
      return;
    }
    const before = this.setup.count(operation);
    this.#lost.set(operation, before);
    this.setup.relay.spoil(operation, mishap === 'meets a log-in page' ? logInPage : { kind: 'lost' }, 1);
  }

  /** Somebody else takes it off riley. */
  async deactivate(serial = this.target.serial): Promise<void> {
    const device = this.#device(serial);
    if (device?.owner) {
      await (await this.#somebody()).deactivateMfaDevice(user, serial);
      this.#freedByOthers.add(device.id);
    }
  }

  /** Somebody else removes it for good. */
  async removeAway(serial?: string): Promise<void> {
    const which = serial ?? this.target.serial;
    await this.deactivate(which);
    if (deviceKind(which) === 'virtual') {
      await (await this.#somebody()).deleteVirtualMfaDevice(which);
    }
  }

  /** Somebody else gives it to casey. */
  async moveAway(): Promise<void> {
    await this.deactivate();
    await this.#enable(other, this.target.serial);
  }

  /** Somebody else gives a new device to riley. */
  async give(name: string): Promise<void> {
    const { serial } = await (await this.#somebody()).createVirtualMfaDevice(name);
    this.#noteGiven(serial);
    await this.#enable(user, serial);
  }

  async giveToken(userName: string): Promise<void> {
    await this.#enable(userName, spareToken);
  }

  /** Somebody else makes a device and leaves it. */
  async leave(name: string): Promise<void> {
    this.#noteGiven((await (await this.#somebody()).createVirtualMfaDevice(name)).serial);
  }

  /** Somebody else deletes what nobody has, such as what is on screen here. */
  async deleteUnassigned(): Promise<void> {
    for (const serial of this.setup.unassigned()) {
      await (await this.#somebody()).deleteVirtualMfaDevice(serial);
    }
  }

  /** Another window begins to enrol it. */
  async holdElsewhere(): Promise<void> {
    const { serial } = this.target;
    this.#heldElsewhere.push(serial);
    await this.#store.add(remembered(serial, this.setup));
  }

  /** Somebody else has labelled it. */
  async tag(value: string): Promise<void> {
    await (await this.#somebody()).tagDevice(this.target.serial, new Map([[labelKeys.name, value]]));
  }

  /** Two codes in a row, the second of them now. */
  async codes(serial: string): Promise<readonly [string, string]> {
    const now = this.setup.clock.now();
    return [await this.#codeAt(serial, now - 30_000), await this.#codeAt(serial, now)];
  }

  /** The writes that the flow sent, in order: `!` had no effect (refused, or lost on the way), `?` worked without an answer. */
  sent(): string {
    const { relay, practice } = this.setup;
    const calls = practice.calls.filter(({ caller }) => caller !== 'somebody');
    const seen = new Map<string, number>();
    const marks = relay.arrived
      .filter((operation) => shortNameOf.has(operation))
      .map((operation) => {
        const index = seen.get(operation) ?? 0;
        seen.set(operation, index + 1);
        const lostAt = this.#lost.get(operation);
        const answered = calls.filter((call) => call.operation === operation);
        const status =
          index === lostAt ? 599 : answered[lostAt !== undefined && index > lostAt ? index - 1 : index]?.status;
        assert.ok(status !== undefined, `${operation} arrived at the account`);
        return `${shortNameOf.get(operation) ?? ''}${status === 0 ? '?' : status < 300 ? '' : '!'}`;
      });
    return marks.join(' ') || '-';
  }

  /** What a user has, or nobody, as is true in the account. */
  holds(who: 'riley' | 'casey' | 'nobody'): string {
    return this.#named(who === 'nobody' ? this.setup.unassigned() : this.setup.devicesOf(who));
  }

  /** What the tree shows of riley. */
  shown(): string {
    const mfa = this.#directory.account?.users.get(user)?.mfa;
    return mfa?.kind === 'has' ? this.#named(mfa.devices.map(({ serial }) => serial)) : (mfa?.kind ?? 'nobody');
  }

  /** What the tree shows as leftovers. */
  leftovers(): string {
    return this.#named((this.#directory.account?.unassigned ?? []).map(({ serial }) => serial));
  }

  /** What is remembered to be deleted at the next start at the latest. */
  remembered(): string {
    return this.#named(this.#store.serials);
  }

  /** What must be remembered: what is unassigned though it was not at the start, but for what others left. */
  toBeRemembered(): string {
    const made = this.setup.practice.devices().filter(({ id, serial }) => {
      const byOthers = this.#given.has(id) || this.#freedByOthers.has(id);
      return this.setup.unassigned().includes(serial) && !this.#freeAtStart.has(serial) && !byOthers;
    });
    return this.#named([...this.#heldElsewhere, ...made.map(({ serial }) => serial)]);
  }

  /** What the tree must show as leftovers: what is unassigned, but for what a window works on. */
  async toBeLeftovers(): Promise<string> {
    const held = await this.#store.held();
    return this.#named(this.setup.unassigned().filter((serial) => !held.has(serial)));
  }

  /** What is held against everyone else, but for what another window holds. */
  async held(): Promise<string> {
    const held = [...(await this.#store.held())];
    return this.#named(held.filter((serial) => !this.#heldElsewhere.includes(serial)));
  }

  /** Whether riley lost the last device by what was done here. */
  lostTheLast(): boolean {
    const taken = this.#freedByOthers.size;
    return this.#hadAtStart > taken && this.setup.devicesOf(user).length === 0;
  }

  /** The writes that worked though the one before them to the same device was the same; there must be none. */
  repeated(): readonly string[] {
    const last = new Map<string, string>();
    return this.setup.practice.calls
      .filter(({ caller, status, operation }) => caller !== 'somebody' && status < 300 && shortNameOf.has(operation))
      .filter(({ operation, parameters }) => {
        const serial = parameters['SerialNumber'] ?? serialOf(parameters['VirtualMFADeviceName'] ?? '');
        const before = last.get(serial);
        last.set(serial, operation);
        return before === operation;
      })
      .map(({ operation }) => operation);
  }

  /** The label that the device has in truth. */
  label(): string {
    return this.#device(this.target.serial)?.tags.find(({ key }) => key === labelKeys.name)?.value ?? '';
  }

  /** The product is started anew: what the ended process left is swept. */
  async #startAnew(): Promise<string> {
    const store = new MemoryUnfinishedStore(this.mortal.devices);
    const sweep = () => sweepUnfinished(store, () => this.#somebody(), this.setup.clock.now());
    const swept = await sweep();
    assert.deepEqual(await sweep(), [], 'nothing is swept twice');
    this.#store = store;
    this.#directory = await Stage.#read(await this.#somebody(), this.setup, store);
    return `ended; swept: ${swept.map(({ removal }) => removal.kind).join(', ') || 'nothing'}`;
  }

  /** Whoever else is at work calls the account without the relay. */
  async #somebody(): Promise<Iam> {
    const { endpoint } = this.setup.practice;
    const { accessKeyId, secretAccessKey, sessionToken } = this.setup.practice.caller('somebody');
    const keys = { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
    this.#connection ??= connect({ kind: 'keys', endpoint, ...keys }, () => undefined);
    return (await this.#connection).iam;
  }

  async #enable(userName: string, serial: string): Promise<void> {
    const [first, second] = await this.codes(serial);
    await (await this.#somebody()).enableMfaDevice(userName, serial, first, second);
  }

  #noteGiven(serial: string): void {
    this.#given.add(this.#device(serial)?.id ?? '');
  }

  #codeAt(serial: string, at: number): Promise<string> {
    const seed = this.setup.practice.seedOf(serial);
    // A passkey has no codes; what is typed then is made up.
    return seed === undefined ? Promise.resolve(at % 60_000 < 30_000 ? '123456' : '654321') : this.setup.code(seed, at);
  }

  #device(serial: string) {
    return this.setup.practice.devices().find((device) => device.serial === serial);
  }

  /** Serials as words of the table, in its order. */
  #named(serials: readonly string[]): string {
    const names = serials.map((serial) => this.#name(serial));
    const extra = names.filter((name) => name === 'extra').length;
    const words = wordOrder
      .filter((word) => names.includes(word))
      .map((word) => (word === 'extra' ? `extra×${extra}` : word));
    const strange = names.filter((name) => !(wordOrder as readonly string[]).includes(name));
    assert.ok(new Set(serials).size === serials.length, 'a device is named twice');
    return [...words, ...strange].join(' ') || '-';
  }

  #name(serial: string): string {
    const device = this.#device(serial);
    if (!device) {
      return `(${openingWord(serial)})`;
    }
    if (this.#given.has(device.id)) {
      return 'given';
    }
    return device.id.startsWith('opening ') ? openingWord(serial) : 'new';
  }
}

/** What a device that was there at the start is called in the table. */
function openingWord(serial: string): (typeof wordOrder)[number] {
  switch (serial) {
    case deviceSerial:
      return 'app';
    case tabletSerial:
      return 'app2';
    case token.serial:
      return 'token';
    case spareToken:
      return 'spare';
    default:
      return serial.includes(':u2f/') ? 'passkey' : serial.includes(':sms-mfa/') ? 'sms' : 'extra';
  }
}

const wordOrder = ['app', 'app2', 'token', 'passkey', 'sms', 'extra', 'given', 'spare', 'new'] as const;
const source: AccountSource = { kind: 'default' };

function remembered(serial: string, { practice, clock }: Setup): UnfinishedDevice {
  return { serial, accountId: practice.accountId, partition: 'aws', source, startedAt: clock.now() };
}

const logInPage: Mishap = {
  kind: 'answer',
  status: 200,
  type: 'text/html',
  body: '<html><body><h1>Log in</h1></body></html>',
};

const mishaps =
  'is refused|is throttled|finds the sign-in run out|meets a 503 page|meets a fault of AWS|meets a log-in page|never arrives';

/** How the sentences of the table come true. */
const sentences: readonly (readonly [RegExp, (stage: Stage, ...words: string[]) => void])[] = [
  [/^nothing$/, () => undefined],
  [/^the answer to (\w+) is lost$/, (stage, short = '') => stage.fault(operationOf(short), 'is answered in vain')],
  [
    /^the second (\w+)’s answer is lost$/,
    (stage, short = '') => stage.atSecond(() => stage.fault(operationOf(short), 'is answered in vain')),
  ],
  [
    new RegExp(`^the second (\\w+) (${mishaps})$`),
    (stage, short = '', mishap = '') => stage.atSecond(() => stage.fault(operationOf(short), mishap)),
  ],
  // Reads are refused for as long as it lasts, writes once.
  [
    /^(List\w+|Get\w+Polic\w+) may not be called$/,
    (stage, operation = '') => stage.setup.practice.faults.set({ kind: 'deny', operation }),
  ],
  [
    /^(List\w+) may not be called any more$/,
    (stage, operation = '') => stage.atQuestion(() => stage.setup.practice.faults.set({ kind: 'deny', operation })),
  ],
  [
    /^the lists lag (\d+) s behind (\w+)$/,
    (stage, seconds = '', short = '') =>
      stage.setup.practice.faults.set({
        kind: 'propagation',
        operation: operationOf(short),
        ms: Number(seconds) * 1000,
      }),
  ],
  [new RegExp(`^(\\w+) (${mishaps})$`), (stage, short = '', mishap = '') => stage.fault(operationOf(short), mishap)],
  [/^the person gives up$/, (stage) => stage.atQuestion(() => stage.cancel())],
  [
    /^the person gives up during (\w+)$/,
    (stage, short = '') => stage.during(operationOf(short), () => void stage.cancel()),
  ],
  [/^the process ends before (\w+)$/, (stage, short = '') => stage.dieBefore(operationOf(short))],
  [/^the process ends after (\w+)$/, (stage, short = '') => stage.dieAfter(operationOf(short))],
  // What somebody else does before the person has said yes …
  [/^it is removed$/, (stage) => stage.atQuestion(() => stage.removeAway())],
  [/^it is deactivated$/, (stage) => stage.atQuestion(() => stage.deactivate())],
  [/^it is given to casey$/, (stage) => stage.atQuestion(() => stage.moveAway())],
  [/^the other one is removed$/, (stage) => stage.atQuestion(() => stage.removeAway(tabletSerial))],
  [/^riley is given another$/, (stage) => stage.atQuestion(() => stage.give('another'))],
  [/^the new one is deleted$/, (stage) => stage.atQuestion(() => stage.deleteUnassigned())],
  [/^the token is riley’s already$/, (stage) => stage.atQuestion(() => stage.giveToken(user))],
  [/^the token is casey’s already$/, (stage) => stage.atQuestion(() => stage.giveToken(other))],
  [/^no such token is known$/, (stage) => void (stage.tokenSerial = unknownToken)],
  [/^another window begins with it$/, (stage) => stage.atQuestion(() => stage.holdElsewhere())],
  // … and between two calls.
  [/^its name is taken$/, (stage) => stage.during('ListVirtualMFADevices', () => stage.leave('riley'))],
  [/^it is removed after (\w+)$/, (stage, short = '') => stage.during(operationOf(short), () => stage.removeAway())],
  [
    /^it is given to casey after (\w+)$/,
    (stage, short = '') => stage.during(operationOf(short), () => stage.moveAway()),
  ],
  // The code that proves a device.
  [/^the code is wrong$/, (stage) => void (stage.code = () => Promise.resolve('000000'))],
  [
    /^the code was used before$/,
    (stage) => {
      const { code } = stage;
      stage.code = async (serial) => {
        const used = await code(serial);
        await (await stage.setup.iam('riley')).mfaSession(serial, used);
        return used;
      };
    },
  ],
  [
    /^it is removed before the code$/,
    (stage) => {
      const { code } = stage;
      stage.code = async (serial) => {
        const now = await code(serial);
        await stage.removeAway();
        return now;
      };
    },
  ],
];

async function enrol(
  stage: Stage,
  kind: NewKind,
  replaces?: Device,
  { clear = false, name }: { readonly clear?: boolean; readonly name?: string } = {},
): Promise<string> {
  const enrolment = new Enrolment({ ...stage.tools, kind, ...(replaces && { replaces }) });
  stage.cancel = () => enrolment.cancel();
  await enrolment.start();
  if (enrolment.state.kind === 'proving') {
    const { devices } = enrolment.state;
    await proved(stage, devices, (serial, code) => enrolment.prove(serial, code));
  }
  if (current(enrolment).kind === 'full') {
    assert.equal(stage.sent(), '-', 'nothing was sent before the person said so');
    stage.way.push('full');
    await enrolment.makeRoom();
  }
  if (clear && current(enrolment).kind === 'naming') {
    assert.equal(stage.sent(), '-', 'nothing was sent before the person said so');
    stage.way.push('asked');
    await stage.question();
    await enrolment.deleteLeftover();
  }
  if (name !== undefined) {
    await enrolment.useName(name);
  }
  const state = current(enrolment);
  if (state.kind === 'ready') {
    const [first, second] = await stage.codes(state.device.serial);
    enrolment.typed(first, second);
  } else if (state.kind === 'token') {
    enrolment.typedSerial(stage.tokenSerial);
    enrolment.typed(...(await stage.codes(stage.tokenSerial)));
  } else {
    return toldOfEnrolment(state);
  }
  await stage.question();
  if (current(enrolment).kind !== 'cancelled') {
    await enrolment.submit();
  }
  return toldOfEnrolment(enrolment.state);
}

/** The state anew: it changes with every step. */
const current = ({ state }: Enrolment): EnrolmentState => state;

function toldOfEnrolment(state: EnrolmentState): string {
  switch (state.kind) {
    case 'ready':
    case 'token':
      return `${state.kind}: ${state.setback?.kind ?? state.verdict.kind}`;
    case 'naming':
      return `naming: ${state.why.kind}`;
    case 'proving':
      return `proving${state.problem ? `: ${state.problem.code}` : ''}`;
    case 'done':
      return [
        'done',
        ...(state.confirmed ? [] : ['unconfirmed']),
        ...(state.old ? [`old ${state.old.removal.kind}`] : []),
      ]
        .concat(state.remains.kind === 'nothing' ? [] : [`remains ${state.remains.kind}`])
        .join(', ');
    case 'failed':
      return `failed: ${state.problem.code}${state.remains.kind === 'nothing' ? '' : `, remains ${state.remains.kind}`}`;
    case 'cancelled':
      return `cancelled${state.remains.kind === 'nothing' ? '' : `, remains ${state.remains.kind}`}`;
    default:
      return state.kind;
  }
}

/** Proves the first of the devices offered; all of them must show codes, and nothing may have been written yet. */
async function proved(
  stage: Stage,
  devices: readonly Device[],
  prove: (serial: string, code: string) => Promise<void>,
): Promise<void> {
  assert.equal(stage.sent(), '-', 'nothing was sent before a device was proved');
  const [first] = devices;
  assert.ok(first, 'a device is offered');
  const kinds = devices.map(
    ({ serial }) => stage.setup.practice.devices().find((device) => device.serial === serial)?.kind,
  );
  assert.ok(
    kinds.every((kind) => kind === 'virtual' || kind === 'hardware'),
    `only devices with codes are offered: ${kinds.join(', ')}`,
  );
  stage.way.push('proved');
  await prove(first.serial, await stage.code(first.serial));
}

async function remove(stage: Stage, serials?: readonly string[]): Promise<string> {
  const removal = new Removal({ ...stage.tools, ...(serials && { serials }) });
  stage.cancel = () => removal.cancel();
  removal.onDidChange((state) => {
    if (state.kind === 'removing' && state.number === 2) {
      stage.second();
    }
  });
  await removal.start();
  for (let { state } = removal; state.kind === 'confirming' || state.kind === 'proving'; { state } = removal) {
    if (state.kind === 'proving') {
      if (state.problem) {
        break;
      }
      await proved(stage, state.devices, (serial, code) => removal.prove(serial, code));
      continue;
    }
    const { plan } = state;
    if (state.changed) {
      stage.way.push('asked again');
    }
    if (plan.remaining.length === 0) {
      for (const wrong of [undefined, '', 'Riley', other]) {
        await removal.confirm(wrong);
        const { state: still } = removal;
        assert.ok(still.kind === 'confirming' && still.wrongName, `it goes on without the user’s name: ${still.kind}`);
      }
      assert.equal(stage.sent(), '-', 'nothing was sent without the user’s name');
    }
    await stage.question();
    if (plan.remaining.length === 0) {
      stage.byName = true;
      await removal.confirm(user);
    } else {
      await removal.confirm();
    }
  }
  return toldOfRemoval(removal);
}

function toldOfRemoval({ state }: Removal): string {
  switch (state.kind) {
    case 'ended': {
      const kinds = state.results.map(({ removal }) => removal.kind);
      return kinds.length > 2 && new Set(kinds).size === 1 ? `${kinds[0] ?? ''}×${kinds.length}` : kinds.join(', ');
    }
    case 'failed':
      return `failed: ${state.problem.code}`;
    case 'proving':
      return `proving${state.problem ? `: ${state.problem.code}` : ''}`;
    default:
      return state.kind;
  }
}

async function resync(stage: Stage): Promise<string> {
  const flow = new Resync({ ...stage.tools, device: stage.target });
  stage.cancel = () => flow.cancel();
  const [first, second] = await stage.codes(stage.target.serial);
  flow.typed(first, second);
  await stage.question();
  await flow.submit();
  const { state } = flow;
  switch (state.kind) {
    case 'ready':
      return `ready: ${state.setback?.kind ?? state.verdict.kind}`;
    case 'failed':
      return `failed: ${state.problem.code}`;
    default:
      return state.kind;
  }
}

async function deleteLeftover(stage: Stage): Promise<string> {
  const abort = new AbortController();
  stage.cancel = () => abort.abort();
  await stage.question();
  const { directory, unfinished } = stage.tools;
  const results = await deleteLeftovers(directory, directory.iam, unfinished, [stage.target.serial], abort.signal);
  const told = results.map(({ removal }) => (removal.kind === 'left' ? `left: ${removal.problem.code}` : removal.kind));
  return told.join(', ') || 'nothing';
}

async function label(stage: Stage, value: string): Promise<string> {
  if (value === '') {
    await stage.tag('Old desk').catch(() => undefined);
  }
  const before = stage.label();
  await stage.question();
  const labelled = await labelDevice(stage.tools.directory.iam, stage.target.serial, labelKeys.name, value);
  // What is said is held against the truth right here: no other action knows of labels.
  assert.equal(stage.label(), labelled.kind === 'set' ? value : labelled.kind === 'failed' ? before : stage.label());
  return labelled.kind === 'failed' ? `failed: ${labelled.problem.code}` : labelled.kind;
}
