import {
  GetGroupPolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetUserPolicyCommand,
  type IAMClient,
  paginateListAttachedGroupPolicies,
  paginateListAttachedUserPolicies,
  paginateListGroupPolicies,
  paginateListGroupsForUser,
  paginateListUserPolicies,
} from '@aws-sdk/client-iam';
import type { UserPolicies, UserPolicy } from '../core/iam';
import { type Problem, problemOf } from '../core/problem';
import { NotAwsError } from './problems';

/** Each policy costs a call or two, and IAM's rates are not published (iam-facts 4). */
const callsAtOnce = 4;

/** The most a page may hold (iam-facts 1.1). */
const pageSize = 1000;

/**
 * Makes a call. Rejects with a `ProblemError`, or with the signal's reason.
 * @param scope what policies scope the action to, a user's name or an ARN; the subject where it is not told
 */
export type Ask = <T>(operation: string, subject: string, call: () => Promise<T>, scope?: string) => Promise<T>;

/** What a call is about, in words, and as policies scope its action. */
interface About {
  readonly name: string;
  readonly scope: string;
}

/** What is attached, as AWS lists it. */
interface Attached {
  readonly PolicyName?: string | undefined;
  readonly PolicyArn?: string | undefined;
}

/** Reads the policies of one user (iam-facts 1.5). What is refused is noted, and the rest goes on. Good for one reading. */
export class PolicyReader {
  readonly #turns = new Turns(callsAtOnce);
  readonly #paging: { readonly client: IAMClient; readonly pageSize: number };
  readonly #options: { readonly abortSignal?: AbortSignal };
  readonly #problems: Problem[] = [];
  /** By ARN: a managed policy may come to a user in several ways. */
  readonly #managed = new Map<string, Promise<string | undefined>>();

  constructor(
    private readonly client: IAMClient,
    private readonly ask: Ask,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.#paging = { client, pageSize };
    this.#options = signal ? { abortSignal: signal } : {};
  }

  /** Never rejects, but for the signal. */
  async ofUser(userName: string): Promise<UserPolicies> {
    const client = this.client;
    const paging = this.#paging;
    const options = this.#options;
    // Made anew for each list: the SDK writes its marker into what it is given.
    const input = () => ({ UserName: userName });
    const owner = { name: userName, scope: userName };
    const [inline, attached, throughGroups] = await Promise.all([
      this.#inline(
        'ListUserPolicies',
        owner,
        paginateListUserPolicies(paging, input(), options),
        'GetUserPolicy',
        (PolicyName) => client.send(new GetUserPolicyCommand({ ...input(), PolicyName }), options),
      ),
      this.#attached('ListAttachedUserPolicies', owner, paginateListAttachedUserPolicies(paging, input(), options)),
      this.#throughGroups(userName),
    ]);
    return { policies: [...inline, ...attached, ...throughGroups], problems: this.#problems };
  }

  async #throughGroups(userName: string): Promise<readonly UserPolicy[]> {
    const pages = paginateListGroupsForUser(this.#paging, { UserName: userName }, this.#options);
    const user = { name: userName, scope: userName };
    const groups = await this.#list('ListGroupsForUser', user, pages, (page) => page.Groups);
    return (
      await Promise.all(groups.map(({ GroupName, Arn }) => this.#ofGroup({ name: GroupName ?? '', scope: Arn ?? '' })))
    ).flat();
  }

  async #ofGroup(group: About): Promise<readonly UserPolicy[]> {
    const client = this.client;
    const paging = this.#paging;
    const options = this.#options;
    const input = () => ({ GroupName: group.name });
    const policies = await Promise.all([
      this.#inline(
        'ListGroupPolicies',
        group,
        paginateListGroupPolicies(paging, input(), options),
        'GetGroupPolicy',
        (PolicyName) => client.send(new GetGroupPolicyCommand({ ...input(), PolicyName }), options),
      ),
      this.#attached('ListAttachedGroupPolicies', group, paginateListAttachedGroupPolicies(paging, input(), options)),
    ]);
    return policies.flat().map((policy) => ({ ...policy, group: group.name }));
  }

  async #inline(
    listing: string,
    owner: About,
    pages: AsyncIterable<{ readonly PolicyNames: readonly string[] | undefined }>,
    reading: string,
    read: (name: string) => Promise<{ readonly PolicyDocument: string | undefined }>,
  ): Promise<readonly UserPolicy[]> {
    const names = await this.#list(listing, owner, pages, (page) => page.PolicyNames);
    return this.#policies(
      names,
      (name) => name,
      true,
      (name) =>
        this.#attempt(reading, { name, scope: owner.scope }, async () => decoded((await read(name)).PolicyDocument)),
    );
  }

  async #attached(
    listing: string,
    owner: About,
    pages: AsyncIterable<{ readonly AttachedPolicies?: readonly Attached[] | undefined }>,
  ): Promise<readonly UserPolicy[]> {
    const attached = await this.#list(listing, owner, pages, (page) => page.AttachedPolicies);
    return this.#policies(
      attached,
      ({ PolicyName }) => PolicyName ?? '',
      false,
      ({ PolicyArn }) => this.#document(PolicyArn ?? ''),
    );
  }

  /** @returns those whose document could be read, in the order of the list */
  async #policies<T>(
    listed: readonly T[],
    nameOf: (one: T) => string,
    inline: boolean,
    read: (one: T) => Promise<string | undefined>,
  ): Promise<readonly UserPolicy[]> {
    const policies = await Promise.all(
      listed.map(async (one): Promise<readonly UserPolicy[]> => {
        const document = await read(one);
        return document === undefined ? [] : [{ name: nameOf(one), inline, document }];
      }),
    );
    return policies.flat();
  }

  #document(arn: string): Promise<string | undefined> {
    const document = this.#managed.get(arn) ?? this.#defaultVersion(arn);
    this.#managed.set(arn, document);
    return document;
  }

  async #defaultVersion(arn: string): Promise<string | undefined> {
    const client = this.client;
    const options = this.#options;
    const policy = { name: arn, scope: arn };
    const version = await this.#attempt('GetPolicy', policy, async () => {
      const { Policy } = await client.send(new GetPolicyCommand({ PolicyArn: arn }), options);
      return needed(Policy?.DefaultVersionId);
    });
    if (version === undefined) {
      return undefined;
    }
    return this.#attempt('GetPolicyVersion', policy, async () => {
      const command = new GetPolicyVersionCommand({ PolicyArn: arn, VersionId: version });
      return decoded((await client.send(command, options)).PolicyVersion?.Document);
    });
  }

  /** @returns what was listed, up to the page that failed */
  async #list<P, T>(
    operation: string,
    owner: About,
    pages: AsyncIterable<P>,
    items: (page: P) => readonly T[] | undefined,
  ): Promise<readonly T[]> {
    const listed: T[] = [];
    await this.#attempt(operation, owner, async () => {
      for await (const page of pages) {
        listed.push(...(items(page) ?? []));
      }
    });
    return listed;
  }

  /** @returns undefined where it failed, which is noted */
  async #attempt<T>(operation: string, { name, scope }: About, call: () => Promise<T>): Promise<T | undefined> {
    return this.#turns.take(async () => {
      this.signal?.throwIfAborted();
      try {
        return await this.ask(operation, name, call, scope);
      } catch (error) {
        const problem = problemOf(error);
        if (!problem) {
          throw error;
        }
        this.#problems.push(problem);
        return undefined;
      }
    });
  }
}

/** Lets a few go on at once; the others wait, first come, first served. */
class Turns {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) {
      this.#free--;
    } else {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) {
        next();
      } else {
        this.#free++;
      }
    }
  }
}

/** A document as it was written: it comes URL-encoded (iam-facts 1.4). What is not encoded is left as it is. */
function decoded(document: string | undefined): string {
  const text = needed(document);
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @throws NotAwsError where an answer lacks what AWS always says */
function needed(text: string | undefined): string {
  if (text === undefined) {
    throw new NotAwsError(200);
  }
  return text;
}
