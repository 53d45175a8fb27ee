import type { Milestone } from '../core/milestones';
import type { GroupBy, SortBy } from '../core/userOrder';

/**
 * Every id that package.json and the code share, once. A test holds the two against each other in both directions.
 */

export const extensionName = 'AWS MFA';

/** Commands that find users and hand on what is shown of them; loaded when the first of them is run. */
export const findingCommands = {
  filterUsers: 'awsMfa.filterUsers',
  clearFilter: 'awsMfa.clearFilter',
  sortUsers: 'awsMfa.sortUsers',
  groupUsers: 'awsMfa.groupUsers',
  goToUser: 'awsMfa.goToUser',
  copyAsMarkdown: 'awsMfa.copyAsMarkdown',
  copyAsCsv: 'awsMfa.copyAsCsv',
} as const;
export type FindingId = (typeof findingCommands)[keyof typeof findingCommands];

export const commands = {
  addAccount: 'awsMfa.addAccount',
  removeAccount: 'awsMfa.removeAccount',
  moveAccountUp: 'awsMfa.moveAccountUp',
  moveAccountDown: 'awsMfa.moveAccountDown',
  chooseIdentity: 'awsMfa.chooseIdentity',
  renewSignIn: 'awsMfa.renewSignIn',
  enterCode: 'awsMfa.enterCode',
  showPermissions: 'awsMfa.showPermissions',
  openPracticeAccount: 'awsMfa.openPracticeAccount',
  enableMfa: 'awsMfa.enableMfa',
  addDevice: 'awsMfa.addDevice',
  enableToken: 'awsMfa.enableToken',
  registerPasskey: 'awsMfa.registerPasskey',
  replaceDevice: 'awsMfa.replaceDevice',
  resyncDevice: 'awsMfa.resyncDevice',
  removeDevice: 'awsMfa.removeDevice',
  resetMfa: 'awsMfa.resetMfa',
  deleteLeftovers: 'awsMfa.deleteLeftovers',
  labelDevice: 'awsMfa.labelDevice',
  copy: 'awsMfa.copy',
  openInConsole: 'awsMfa.openInConsole',
  refresh: 'awsMfa.refresh',
  refreshAll: 'awsMfa.refreshAll',
  stopReading: 'awsMfa.stopReading',
  showMore: 'awsMfa.showMore',
  showLog: 'awsMfa.showLog',
  ...findingCommands,
} as const;
export type CommandId = (typeof commands)[keyof typeof commands];

/** Commands that need an account to be open, and are loaded when the first of them is run. */
export type ActionId = Exclude<
  CommandId,
  | typeof commands.addAccount
  | typeof commands.removeAccount
  | typeof commands.moveAccountUp
  | typeof commands.moveAccountDown
  | typeof commands.chooseIdentity
  | typeof commands.renewSignIn
  | typeof commands.enterCode
  | typeof commands.showPermissions
  | typeof commands.openPracticeAccount
  | typeof commands.refresh
  | typeof commands.refreshAll
  | typeof commands.stopReading
  | typeof commands.showMore
  | typeof commands.showLog
  | FindingId
>;

/** Buttons above the rows. The editor may hand them the row in focus or nothing in a row's place: they are about neither. */
export const titleCommands: readonly CommandId[] = [
  commands.clearFilter,
  commands.filterUsers,
  commands.refreshAll,
  commands.stopReading,
  commands.addAccount,
  commands.openPracticeAccount,
  commands.showLog,
  commands.sortUsers,
  commands.groupUsers,
  commands.goToUser,
];

/** What the editor's chat may ask, by the names that a language model knows. Nothing of it writes. */
export const chatTools = {
  listUsersWithoutMfa: 'list_users_without_mfa',
  explainMfaState: 'explain_mfa_state',
} as const;
export type ChatToolName = (typeof chatTools)[keyof typeof chatTools];

export const views = {
  users: 'awsMfa.users',
} as const;

/** Made by the editor itself for each view: shows it. */
export const focusUsersCommand = 'awsMfa.users.focus';

export const panels = {
  enrolment: 'awsMfa.enrolment',
} as const;

export const contextKeys = {
  /** True once an account was chosen; until then the view shows its welcome. */
  accountChosen: 'awsMfa.accountChosen',
  /** True while a reading takes long. */
  reading: 'awsMfa.reading',
  /** What is selected in the tree, for keys that act on it: one of `selections`, or empty. */
  selection: 'awsMfa.selection',
  /** True while a filter is on. */
  filtered: 'awsMfa.filtered',
} as const;

/** Context keys that become true for a moment when a person has done something: they tick the steps of the walkthrough. */
export const milestones = {
  choseAccount: 'awsMfa.done.choseAccount',
  lookedAtUsers: 'awsMfa.done.lookedAtUsers',
  foundYourself: 'awsMfa.done.foundYourself',
  scanned: 'awsMfa.done.scanned',
  enabled: 'awsMfa.done.enabled',
  usedCode: 'awsMfa.done.usedCode',
  addedSecond: 'awsMfa.done.addedSecond',
} as const satisfies Readonly<Record<Milestone, string>>;

/** Selections that a key acts on. */
export const selections = {
  /** One device of a user. */
  device: 'device',
  /** Unassigned devices and nothing else. */
  leftovers: 'leftovers',
} as const;

/** Words of a tree row's `contextValue`, which menus look for. */
export const rowTraits = {
  account: 'account',
  user: 'user',
  device: 'device',
  /** A device's kind, beside `device`. */
  virtual: 'virtual',
  hardware: 'hardware',
  passkey: 'passkey',
  sms: 'sms',
  unfinished: 'unfinished',
  unfinishedGroup: 'unfinishedGroup',
  /** Users who stand together. */
  group: 'group',
  /** A user without a device, or of whom that is not known: *Enable MFA*. */
  canEnrol: 'canEnrol',
  /** A user who has devices and room for another. */
  canAdd: 'canAdd',
  /** A user who has a device that can be lost. */
  hasDevice: 'hasDevice',
  /** Could not be read: *Refresh* and *Show Log* stand on the row. */
  failed: 'failed',
  /** An account whose sign-in has run out and can be renewed by a command: *Renew Sign-In*. */
  renewable: 'renewable',
  /** An account that waits for a code: *Enter Code*. */
  needsCode: 'needsCode',
  /** An account that more than one identity leads to. */
  hasChoice: 'hasChoice',
} as const;

export const warnAboutValues = ['allUsers', 'consoleUsers', 'never'] as const;
export type WarnAbout = (typeof warnAboutValues)[number];

export const settings = {
  configFile: { key: 'awsMfa.files.config', default: '' },
  credentialsFile: { key: 'awsMfa.files.credentials', default: '' },
  /** Minutes. */
  refreshInterval: { key: 'awsMfa.refreshInterval', default: 60 },
  sortBy: { key: 'awsMfa.users.sortBy', default: 'risk' satisfies SortBy },
  groupBy: { key: 'awsMfa.users.groupBy', default: 'state' satisfies GroupBy },
  warnAbout: { key: 'awsMfa.statusBar.warnAbout', default: 'allUsers' satisfies WarnAbout },
} as const;

/** Names an account to open where none was chosen yet: `practice`, `default` or `profile:NAME`. */
export const accountVariable = 'AWS_MFA_ACCOUNT';

/** What a key binding hands over in place of a row: the command is about the rows that are selected. */
export const selectedRows = 'selectedRows';

/** What is remembered between sessions. */
export const memory = {
  /** The accounts, in order; each as its ways of signing in, the one in use first. */
  accounts: 'accounts',
  /** What was chosen lately, latest first. */
  recent: 'recent',
  /** When unassigned devices were seen first, by account and serial. */
  firstSeen: 'firstSeen',
} as const;
