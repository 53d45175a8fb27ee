import type { AccountSource } from '../core/account';
import type { AccountConnection } from '../core/connection';
import type { AccountSnapshot } from '../core/accountSnapshot';
import type { Directory } from '../core/directory';

/** The account that a panel or an action works on, and keeps to whatever is chosen later. */
export interface PanelAccount {
  readonly source: AccountSource;
  readonly connection: AccountConnection;
  readonly directory: Directory;
  readonly account: AccountSnapshot;
}
