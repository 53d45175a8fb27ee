import { Failure } from './failure';
import { type AccessKey, devicesOf, type Password, sortedUsers, type State } from './state';
import { isoSeconds } from './wire';

// The credential report: iam-facts 3.

const COLUMNS = [
  'user',
  'arn',
  'user_creation_time',
  'password_enabled',
  'password_last_used',
  'password_last_changed',
  'password_next_rotation',
  'mfa_active',
  'access_key_1_active',
  'access_key_1_last_rotated',
  'access_key_1_last_used_date',
  'access_key_1_last_used_region',
  'access_key_1_last_used_service',
  'access_key_2_active',
  'access_key_2_last_rotated',
  'access_key_2_last_used_date',
  'access_key_2_last_used_region',
  'access_key_2_last_used_service',
  'cert_1_active',
  'cert_1_last_rotated',
  'cert_2_active',
  'cert_2_last_rotated',
];

const FRESH_MS = 4 * 3_600_000;

interface Report {
  /** Written when it is fetched first: nothing of a state changes, and calls meanwhile need not wait for a large account’s. */
  readonly csv: () => string;
  readonly startedAt: number;
  readonly readyAt: number;
}

/** The account's one report: being made, fresh for four hours, then expired. */
export class CredentialReports {
  #report: Report | undefined;
  readonly #buildMs: number;

  constructor(buildMs: number) {
    this.#buildMs = buildMs;
  }

  /** Starts a report unless one is being made or is younger than four hours. `now` in ms. */
  generate(state: State, accountId: string, now: number): { state: string; description: string | undefined } {
    const report = this.#report;
    if (report !== undefined && now < report.readyAt) {
      return { state: 'INPROGRESS', description: undefined };
    }
    if (report !== undefined && now - report.startedAt < FRESH_MS) {
      return { state: 'COMPLETE', description: undefined };
    }
    this.#report = { csv: once(() => reportCsv(state, accountId)), startedAt: now, readyAt: now + this.#buildMs };
    return { state: 'STARTED', description: 'No report exists. Starting a new report generation task' };
  }

  /** The finished report. Throws the three Failures of GetCredentialReport, without texts of their own. */
  get(now: number): { csv: string; generatedAt: number } {
    const report = this.#report;
    if (report === undefined) {
      throw new Failure('ReportNotPresent', 410);
    }
    if (now < report.readyAt) {
      throw new Failure('ReportInProgress', 404);
    }
    if (now - report.startedAt >= FRESH_MS) {
      throw new Failure('ReportExpired', 410);
    }
    return { csv: report.csv(), generatedAt: report.startedAt };
  }
}

function once(write: () => string): () => string {
  let text: string | undefined;
  return () => (text ??= write());
}

/** The report's text: header, root, users by name; LF between rows and none after the last. */
export function reportCsv(state: State, accountId: string): string {
  const keysByUser = new Map<string, AccessKey[]>();
  for (const key of state.accessKeys.values()) {
    keysByUser.set(key.userName, [...(keysByUser.get(key.userName) ?? []), key]);
  }
  const usersWithMfa = new Set<string>();
  for (const { owner } of state.devices.values()) {
    if (owner?.kind === 'user') {
      usersWithMfa.add(owner.userName);
    }
  }
  const { root } = state;
  const rows = [
    COLUMNS,
    [
      '<root_account>',
      `arn:aws:iam::${accountId}:root`,
      isoSeconds(root.createdAt),
      ...passwordCells(root.password),
      'not_supported',
      String(devicesOf(state, { kind: 'root' }).length > 0),
      ...keyCells(undefined),
      ...keyCells(undefined),
      ...NO_CERTIFICATES,
    ],
    ...sortedUsers(state).map((user) => {
      const [first, second] = keysByUser.get(user.name) ?? [];
      return [
        user.name,
        user.arn,
        isoSeconds(user.createdAt),
        ...passwordCells(user.password),
        // No rotation: the company has no password policy.
        'N/A',
        String(usersWithMfa.has(user.name)),
        ...keyCells(first),
        ...keyCells(second),
        ...NO_CERTIFICATES,
      ];
    }),
  ];
  return rows.map((cells) => cells.join(',')).join('\n');
}

const NO_CERTIFICATES = ['false', 'N/A', 'false', 'N/A'];

function passwordCells(password: Password | undefined): string[] {
  if (password === undefined) {
    return ['false', 'N/A', 'N/A'];
  }
  const lastUsed = password.lastUsedAt === undefined ? 'no_information' : isoSeconds(password.lastUsedAt);
  return ['true', lastUsed, isoSeconds(password.createdAt)];
}

function keyCells(key: AccessKey | undefined): string[] {
  if (key === undefined) {
    return ['false', 'N/A', 'N/A', 'N/A', 'N/A'];
  }
  return [
    'true',
    isoSeconds(key.createdAt),
    ...(key.lastUsedAt === undefined ? ['N/A', 'N/A', 'N/A'] : [isoSeconds(key.lastUsedAt), 'us-east-1', 'iam']),
  ];
}
