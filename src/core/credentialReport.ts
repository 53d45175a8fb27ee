import Papa from 'papaparse';

/** AWS makes a new report after so long, and not before (iam-facts 3); milliseconds. */
const reportAge = 4 * 3_600_000;

/**
 * @param at when something was learned, or a report made; both in milliseconds since 1970
 * @returns whether AWS would have a newer report by now. A time that is far ahead tells no age: the clock was set back
 */
export function isAsOldAsReport(at: number, now: number): boolean {
  return Math.abs(now - at) >= reportAge;
}

/** What AWS's credential report alone tells of a user; each absent where it does not. */
export interface Reported {
  readonly passwordChangedAt?: Date;
  /** When the password or an access key was used last. */
  readonly lastActiveAt?: Date;
}

/** One user's line, as far as the product uses it. */
export interface CredentialReportRow extends Reported {
  readonly user: string;
  /** Tells who is meant where a name was given to another. */
  readonly createdAt?: Date;
  /** Undefined where the report does not say. */
  readonly passwordEnabled?: boolean;
  readonly mfaActive?: boolean;
  readonly passwordLastUsed?: Date;
  readonly activeKeys: number;
}

export interface CredentialReport {
  /** When AWS made it. It may be four hours old. */
  readonly generatedAt: Date;
  /** By user name; root is `<root_account>`. */
  readonly rows: ReadonlyMap<string, CredentialReportRow>;
}

/** True and false are written in either case (iam-facts 3); anything else is no answer. */
function flag(text: string | undefined): boolean | undefined {
  switch (text?.toLowerCase()) {
    case 'true':
      return true;
    case 'false':
      return false;
    default:
      return undefined;
  }
}

/** `N/A`, `no_information` and `not_supported` are no dates; both `Z` and `+00:00` are (iam-facts 3). */
function date(text: string | undefined): Date | undefined {
  const time = text !== undefined && /^\d{4}-/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(time) ? undefined : new Date(time);
}

function latest(dates: readonly (Date | undefined)[]): Date | undefined {
  return dates.reduce((last, each) => (last && each ? (each > last ? each : last) : (each ?? last)), undefined);
}

/** So much of a report is read at once, in characters: some two hundred users. */
const chunkSize = 50_000;

/**
 * Reads AWS's report by the names in its header, since columns have been added over time (iam-facts 3).
 * @param csv the report's content
 * @param generatedAt when AWS made it
 * @param nextTurn waited for between the parts of a long report, so that it does not hold up everything else
 */
export function parseCredentialReport(
  csv: string,
  generatedAt: Date,
  nextTurn: () => Promise<void>,
): Promise<CredentialReport> {
  const rows = new Map<string, CredentialReportRow>();
  let rowOf: ((line: readonly string[]) => CredentialReportRow | undefined) | undefined;
  return new Promise((resolve, reject) => {
    // By position: an object for each of five thousand lines would take twice as long.
    Papa.parse<readonly string[]>(csv, {
      skipEmptyLines: true,
      chunkSize,
      chunk: ({ data }: Papa.ParseResult<readonly string[]>, parser: Papa.Parser) => {
        parser.pause();
        for (const line of data) {
          if (rowOf) {
            const row = rowOf(line);
            if (row) {
              rows.set(row.user, row);
            }
          } else {
            rowOf = rowReader(line);
          }
        }
        nextTurn().then(() => parser.resume(), reject);
      },
      complete: () => resolve({ generatedAt, rows }),
    });
  });
}

/** @returns what reads a line of a report with that header; undefined where it names no user */
function rowReader(header: readonly string[]): (line: readonly string[]) => CredentialReportRow | undefined {
  const column = (name: string) => header.indexOf(name);
  const columns = {
    user: column('user'),
    createdAt: column('user_creation_time'),
    passwordEnabled: column('password_enabled'),
    mfaActive: column('mfa_active'),
    passwordLastUsed: column('password_last_used'),
    passwordChangedAt: column('password_last_changed'),
    keysLastUsed: [column('access_key_1_last_used_date'), column('access_key_2_last_used_date')],
    keys: [column('access_key_1_active'), column('access_key_2_active')],
  };
  return (line) => {
    const user = line[columns.user];
    if (user === undefined) {
      return undefined;
    }
    const createdAt = date(line[columns.createdAt]);
    const passwordEnabled = flag(line[columns.passwordEnabled]);
    const mfaActive = flag(line[columns.mfaActive]);
    const passwordLastUsed = date(line[columns.passwordLastUsed]);
    const passwordChangedAt = date(line[columns.passwordChangedAt]);
    const lastActiveAt = latest([passwordLastUsed, ...columns.keysLastUsed.map((key) => date(line[key]))]);
    return {
      user,
      ...(createdAt && { createdAt }),
      ...(passwordEnabled !== undefined && { passwordEnabled }),
      ...(mfaActive !== undefined && { mfaActive }),
      ...(passwordLastUsed && { passwordLastUsed }),
      ...(passwordChangedAt && { passwordChangedAt }),
      ...(lastActiveAt && { lastActiveAt }),
      activeKeys: columns.keys.filter((key) => flag(line[key])).length,
    };
  };
}
