// A practice account in a process of its own, so that what it costs is not counted with what is measured.
// Forked with the number of users, milliseconds before each answer, `virtual` or `any` for the kinds of devices, and how many calls
// of one API it takes in a second, 0 for any number.
import { type Company, largeCompany } from '../../src/practice/company';
import { startPracticeAccount } from '../../src/practice/server';

/** What it tells once it serves. */
export interface Served {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Nobody has a token or a passkey. */
function virtualOnly(company: Company): Company {
  const users = company.users.map((user) => ({
    ...user,
    devices: user.devices?.filter(({ kind }) => kind === 'virtual') ?? [],
  }));
  return { ...company, users };
}

async function serve([users, latency, kinds, perSecond]: readonly string[]): Promise<void> {
  const company = largeCompany(Number(users));
  const account = await startPracticeAccount({ company: kinds === 'virtual' ? virtualOnly(company) : company });
  account.faults.set({ kind: 'latency', ms: Number(latency) });
  if (Number(perSecond) > 0) {
    account.faults.set({ kind: 'rate', perSecond: Number(perSecond) });
  }
  const { accessKeyId, secretAccessKey } = account.caller('keeper');
  process.send?.({ endpoint: account.endpoint, accessKeyId, secretAccessKey } satisfies Served);
}

if (process.send) {
  void serve(process.argv.slice(2));
}
