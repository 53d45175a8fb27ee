import { connect } from '../../src/aws/connect';
import type { AccountConnection, AccountSources } from '../../src/core/connection';
import { systemClock } from '../../src/core/clock';
import type { AccountSnapshot } from '../../src/core/accountSnapshot';
import type { Directory } from '../../src/core/directory';
import { Emitter } from '../../src/core/emitter';
import { Session } from '../../src/core/session';
import type { Arrangement } from '../../src/editor/arrangement';
import { RowLimits } from '../../src/editor/rowLimits';
import { childNodes, rootNodes, shownOf, type TreeNode } from '../../src/editor/treeNodes';
import { type Company, smallCompany } from '../../src/practice/company';
import { type PracticeAccount, startPracticeAccount } from '../../src/practice/server';

/** A practice account of the tests' own, apart from the one that the extension has open. */
export class SmallPractice {
  /** How many users are shown where. */
  readonly limits = new RowLimits();

  private constructor(
    readonly practice: PracticeAccount,
    readonly connection: AccountConnection,
    readonly directory: Directory,
    /** Every account that is opened with them is the practice account. */
    readonly sources: AccountSources,
    private readonly session: Session,
  ) {}

  /** Opened and read, as the keeper. */
  static async open(company: Company = smallCompany()): Promise<SmallPractice> {
    const practice = await startPracticeAccount({ company, reportBuildMs: 0 });
    const { accessKeyId, secretAccessKey } = practice.caller('keeper');
    const { endpoint } = practice;
    const connection = await connect({ kind: 'keys', endpoint, accessKeyId, secretAccessKey }, () => undefined);
    const sources: AccountSources = {
      connect: () => Promise.resolve(connection),
      profiles: () => Promise.reject(new Error('not needed here')),
      onDidChangeFiles: new Emitter<void>().on,
    };
    const session = new Session(sources, systemClock);
    await session.open({ kind: 'practice' });
    const { state } = session;
    if (state.kind !== 'open') {
      throw new Error(`The practice account could not be opened: ${state.kind}`);
    }
    return new SmallPractice(practice, connection, state.directory, sources, session);
  }

  get account(): AccountSnapshot {
    const { account, state } = this.directory;
    if (!account) {
      throw new Error(`The practice account could not be read: ${JSON.stringify(state)}`);
    }
    return account;
  }

  /** The tree's roots, made anew as at each change. */
  roots(arrangement?: Arrangement): readonly TreeNode[] {
    const shown = shownOf(this.session);
    return rootNodes(shown ? [shown] : [], arrangement, this.limits);
  }

  /** Every row of the tree, made anew as at each change. */
  rows(arrangement?: Arrangement): readonly TreeNode[] {
    const withChildren = (node: TreeNode): readonly TreeNode[] => [node, ...childNodes(node).flatMap(withChildren)];
    return this.roots(arrangement).flatMap(withChildren);
  }

  /** The row of that kind whose id ends so, made anew. */
  row(kind: TreeNode['kind'], end: string): TreeNode {
    const found = this.rows().filter((row) => row.kind === kind && row.id.endsWith(`/${end}`));
    const [row] = found;
    if (!row || found.length > 1) {
      throw new Error(`${found.length} rows of the kind ${kind} end in ${end}`);
    }
    return row;
  }

  async close(): Promise<void> {
    this.session.dispose();
    await this.practice.stop();
  }
}
