import { Account } from './account';
import { answer } from './answer';
import { Calls, type PracticeCall } from './calls';
import type { Company } from './company';
import { listen } from './listener';
import { Partition, type PlacedRole } from './partition';
import { accountSettings, practiceAccount, type PracticeAccount, type PracticeSettings } from './server';
import { type PracticeAssignment, type PracticeSignIn, SignIn } from './signIn';
import { answerSignIn } from './signInEndpoints';

export interface PracticeAwsOptions extends PracticeSettings {
  /** One account each, with different account ids; at least one. */
  readonly companies: readonly Company[];
  /** How long sessions live, of roles and of console sign-ins, ms; left out: as on AWS. */
  readonly roleSessionMs?: number;
  /** The role of the container and of the instance; left out: the first role of the first company that has one. */
  readonly machineRole?: PracticeAssignment;
  /** Whether the container's credentials are for those alone who have its token; left out: no. */
  readonly needsContainerToken?: boolean;
}

/** Several accounts behind one endpoint, and all the ways to sign in to them. */
export interface PracticeAws {
  /** `http://127.0.0.1:PORT`, with TLS `https://localhost:PORT`: IAM, STS and everything people sign in at. */
  readonly endpoint: string;
  /** In the order of the companies. Stopping one stops all. */
  readonly accounts: readonly PracticeAccount[];
  readonly signIn: PracticeSignIn;
  /** What was asked of all of them, oldest first; the last 20,000. Those of one account are its `calls`. */
  readonly calls: readonly PracticeCall[];
  /** Variables by which the SDK and the command line come here with IAM, STS and all sign-ins but the container's. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/**
 * Starts accounts that share an endpoint. The account of a call is that of the key that signs it; what is nobody's (an
 * unknown key or token, a refresh at IAM Identity Center) is counted to the first account, and meets its faults.
 * Resolves when it answers; rejects when the port is taken. Rejects with RangeError for no company, two of one id, or a
 * role that is not there.
 */
export async function startPracticeAws(options: PracticeAwsOptions): Promise<PracticeAws> {
  const partition = partitionOf(options);
  const signIn = new SignIn(partition, machineRole(partition, options), options.needsContainerToken ?? false);
  signIn.setRoleSessionMs(options.roleSessionMs);
  const calls = new Calls();
  const listener = await listen(options, async (request) => {
    const answered = await (answerSignIn(signIn, request) ?? answer(partition, request));
    answered.account.calls.add(answered.call);
    calls.add(answered.call);
    return answered;
  });
  const { endpoint } = listener;
  signIn.containerUri = `${endpoint}/container-credentials`;
  return {
    endpoint,
    accounts: partition.accounts.map((account) => practiceAccount(account, listener)),
    signIn,
    calls: calls.list,
    environment: {
      ...Object.fromEntries(SERVICES.map((service) => [`AWS_ENDPOINT_URL_${service}`, endpoint])),
      AWS_EC2_METADATA_SERVICE_ENDPOINT: endpoint,
    },
    stop: () => listener.stop(),
  };
}

const SERVICES = ['IAM', 'STS', 'SSO', 'SSO_OIDC', 'SIGNIN'];

function partitionOf(options: PracticeAwsOptions): Partition {
  const { companies } = options;
  if (new Set(companies.map(({ accountId }) => accountId)).size < companies.length) {
    throw new RangeError('Two of the companies have the same account id.');
  }
  const settings = { ...accountSettings(options), permissionSets: true };
  const [first, ...others] = companies.map((company, index) => {
    // The first one's callers have the keys that they have when it is alone.
    const keyPrefix = index === 0 ? '' : `${company.accountId} `;
    return new Account(company, { ...settings, keyPrefix });
  });
  if (first === undefined) {
    throw new RangeError('There is no company to make an account of.');
  }
  return new Partition(first, others);
}

function machineRole(
  partition: Partition,
  { machineRole: wanted, companies }: PracticeAwsOptions,
): PlacedRole | undefined {
  const chosen =
    wanted ?? companies.flatMap(({ accountId, roles }) => roles.map(({ name }) => ({ accountId, roleName: name })))[0];
  if (chosen === undefined) {
    return undefined;
  }
  const role = partition.role(partition.account(chosen.accountId)?.roleArn(chosen.roleName) ?? '');
  if (role === undefined) {
    throw new RangeError(`Account ${chosen.accountId} has no role ${chosen.roleName}.`);
  }
  return role;
}
