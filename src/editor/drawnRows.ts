import type { TreeItem } from 'vscode';
import type { TreeNode } from './treeNodes';

/** What is drawn of a row, and what the editor was told of it. */
interface Drawn {
  readonly row: TreeNode;
  /** How it looked when it was drawn; undefined where it was not. */
  look?: string;
  /** Ids of the rows below, where they were asked for. */
  children?: readonly string[];
}

/** Of so many rows with the same parent, each is drawn by itself; of more, the parent with all that is below. */
const fewRows = 100;

/**
 * The rows as they were given to the editor, which knows them by identity: what is told to have changed is drawn anew with all
 * that is below, and a click that comes meanwhile is lost. So only what has changed is told.
 */
export class DrawnRows {
  readonly #drawn = new Map<string, Drawn>();

  /**
   * @param look how a row looks now
   * @param childrenOf the rows below a row
   */
  constructor(
    private readonly look: (row: TreeNode) => string,
    private readonly childrenOf: (row: TreeNode) => readonly TreeNode[],
  ) {}

  /** @returns the rows to hand to the editor: the same objects as before, with what they say now */
  give(parent: TreeNode | undefined, rows: readonly TreeNode[]): TreeNode[] {
    const given = rows.map((row) => this.#take(row).row);
    if (parent) {
      this.#take(parent).children = rows.map(({ id }) => id);
    }
    return given;
  }

  /** @returns the rows, each before those below it that were asked for: what a person can see, or come to see by scrolling */
  *given(rows: readonly TreeNode[]): Iterable<TreeNode> {
    for (const row of rows) {
      yield row;
      if (this.#drawn.get(row.id)?.children) {
        yield* this.given(this.childrenOf(row));
      }
    }
  }

  /** Notes that a row is being drawn. */
  noteDrawn(row: TreeNode): void {
    this.#take(row).look = this.look(row);
  }

  /** Forgets everything: the editor asks for every row again. */
  clear(): void {
    this.#drawn.clear();
  }

  /**
   * Takes over what there is to show now.
   * @returns the rows that are to be drawn anew; undefined where the roots are others than before
   */
  update(before: readonly TreeNode[], roots: readonly TreeNode[]): TreeNode[] | undefined {
    if (!isSame(idsOf(before), idsOf(roots)) || !roots.every(({ id }) => this.#drawn.has(id))) {
      return undefined;
    }
    return roots.flatMap((root) => this.#changesIn(root));
  }

  #changesIn(row: TreeNode): readonly TreeNode[] {
    const known = this.#drawn.get(row.id);
    if (!known) {
      return [];
    }
    const { look, children } = known;
    const taken = this.#take(row).row;
    if (look !== undefined && look !== this.look(taken)) {
      return [taken];
    }
    if (!children) {
      return [];
    }
    const below = this.childrenOf(taken);
    if (!isSame(children, idsOf(below))) {
      return [taken];
    }
    const changes = below.flatMap((child) => this.#changesIn(child));
    return changes.length > fewRows ? [taken] : changes;
  }

  #take(row: TreeNode): Drawn {
    const known = this.#drawn.get(row.id);
    if (known?.row.kind !== row.kind) {
      const drawn: Drawn = { row };
      this.#drawn.set(row.id, drawn);
      return drawn;
    }
    if (known.row !== row) {
      for (const key of Object.keys(known.row)) {
        if (!(key in row)) {
          Reflect.deleteProperty(known.row, key);
        }
      }
      Object.assign(known.row, row);
    }
    return known;
  }
}

/** @returns what a person sees of a row, but for its tooltip */
export function lookOf({ label, description, iconPath, contextValue, collapsibleState }: TreeItem): string {
  return JSON.stringify([label, description, iconPath, contextValue, collapsibleState]);
}

function idsOf(rows: readonly TreeNode[]): readonly string[] {
  return rows.map(({ id }) => id);
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}
