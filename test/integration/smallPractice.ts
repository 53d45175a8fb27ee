import { connect } from '../../src/aws/connect';
import type { AccountConnection } from '../../src/core/connection';
import { systemClock } from '../../src/core/clock';
import { Directory, type AccountSnapshot } from '../../src/core/directory';
import { childNodes, rootNodes, type TreeNode } from '../../src/editor/treeNodes';
import { type Company, smallCompany } from '../../src/practice/company';
import { type PracticeAccount, startPracticeAccount } from '../../src/practice/server';

/** A practice account of the tests' own, apart from the one that the extension has open. */
export class SmallPractice {
  private constructor(
    readonly practice: PracticeAccount,
    readonly connection: AccountConnection,
    readonly directory: Directory,
  ) {}

  /** Opened and read, as the keeper. */
  static async open(company: Company = smallCompany()): Promise<SmallPractice> {
    const practice = await startPracticeAccount({ company, reportBuildMs: 0 });
    const { accessKeyId, secretAccessKey } = practice.caller('keeper');
    const { endpoint } = practice;
    const connection = await connect({ kind: 'keys', endpoint, accessKeyId, secretAccessKey }, () => undefined);
    const directory = new Directory(connection.iam, systemClock);
    await directory.load();
    return new SmallPractice(practice, connection, directory);
  }

  get account(): AccountSnapshot {
    const { account, state } = this.directory;
    if (!account) {
      throw new Error(`The practice account could not be read: ${JSON.stringify(state)}`);
    }
    return account;
  }

  /** Every row of the tree, made anew as at each change. */
  rows(): readonly TreeNode[] {
    const { connection, directory } = this;
    const roots = rootNodes({ kind: 'open', source: { kind: 'practice' }, connection, directory }, directory.account);
    const withChildren = (node: TreeNode): readonly TreeNode[] => [node, ...childNodes(node).flatMap(withChildren)];
    return roots.flatMap(withChildren);
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
    this.directory.dispose();
    this.connection.dispose();
    await this.practice.stop();
  }
}
