/**
 * Every id that package.json and the code share, once. A test holds the two against each other in both directions.
 */

export const extensionName = 'AWS MFA';

export const commands = {
  chooseAccount: 'awsMfa.chooseAccount',
  openPracticeAccount: 'awsMfa.openPracticeAccount',
  enableMfa: 'awsMfa.enableMfa',
  refresh: 'awsMfa.refresh',
  showLog: 'awsMfa.showLog',
} as const;
export type CommandId = (typeof commands)[keyof typeof commands];

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
} as const;

/** Words of a tree row's `contextValue`, which menus look for. */
export const rowTraits = {
  account: 'account',
  user: 'user',
  device: 'device',
  unfinished: 'unfinished',
  /** A user for whom *Enable MFA* makes sense. */
  canEnrol: 'canEnrol',
  /** Could not be read: *Refresh* and *Show Log* stand on the row. */
  failed: 'failed',
} as const;

export const warnAboutValues = ['allUsers', 'consoleUsers', 'never'] as const;
export type WarnAbout = (typeof warnAboutValues)[number];

export const settings = {
  warnAbout: { key: 'awsMfa.statusBar.warnAbout', default: 'allUsers' satisfies WarnAbout },
} as const;

/** Names an account to open where none was chosen yet: `practice`, `default` or `profile:NAME`. */
export const accountVariable = 'AWS_MFA_ACCOUNT';

/** What is remembered between sessions. */
export const memory = {
  account: 'account',
} as const;
