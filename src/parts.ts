import { env, type ExtensionContext, lm, Uri, window } from 'vscode';
import { systemClock } from './core/clock';
import { Accounts } from './core/accounts';
import type { Milestone } from './core/milestones';
import { openRemembered, registerCommands, type CommandOptions } from './editor/commands';
import type { AccountActions } from './editor/accountActions';
import { RememberedDevices } from './editor/deviceMemory';
import { Lazy } from './editor/lazy';
import { accountVariable, chatTools, extensionName } from './editor/manifest';
import { RememberedAccounts } from './editor/rememberedAccounts';
import { chosenFiles, followArrangement, WarnAboutSetting } from './editor/settings';
import { StatusBar } from './editor/statusBar';
import { UnfinishedFiles } from './editor/unfinishedFiles';
import { UsersTree } from './editor/usersTree';
import { LazySources } from './sources';

/** What was built, and goes on until its end. */
export interface Running {
  /** Devices that are half-made are deleted before the window is gone; the practice account ends after that. */
  end(): Promise<void>;
}

/** Builds the parts in order and returns; what takes time goes on by itself. */
export function build(context: ExtensionContext): Running {
  const { extensionUri, globalState, globalStorageUri } = context;
  const log = window.createOutputChannel(extensionName, { log: true });
  const unfinished = new UnfinishedFiles(Uri.joinPath(globalStorageUri, 'unfinished'), env.sessionId, log);
  const remembered = new RememberedAccounts(globalState);
  const sources: LazySources = new LazySources(log, {
    prompts: { askForCode: async (question) => (await accountActions.get()).askForCode(question) },
    files: chosenFiles,
  });
  const accounts = new Accounts(sources, systemClock, new RememberedDevices(unfinished, globalState));
  const accountActions = new Lazy<AccountActions>(() =>
    import('./editor/accountActions').then((part) => new part.AccountActions({ accounts, sources, remembered })),
  );
  const fail = (error: unknown) => log.error(error instanceof Error ? error : String(error));
  const tour = new Lazy(() => import('./editor/tour').then((part) => new part.Tour(context)));
  const note = (done: readonly Milestone[]) => void tour.get().then((made) => made.note(done), fail);
  const actions = new Lazy(() =>
    import('./editor/deviceActions').then(
      (part) => new part.DeviceActions({ extensionUri, clock: systemClock, log, unfinished, note }),
    ),
  );
  const finding = new Lazy(() =>
    import('./editor/findingActions').then((part) => new part.FindingActions({ accounts, tree })),
  );
  const chat = new Lazy(() => import('./editor/chatTools').then((part) => new part.ChatTools(accounts)));
  const tools = Object.values(chatTools).map((name) =>
    lm.registerTool<object>(name, {
      prepareInvocation: async ({ input }) => (await chat.get()).prepare(name, input),
      invoke: async ({ input }) => (await chat.get()).invoke(name, input),
    }),
  );
  const warnAbout = new WarnAboutSetting();
  const tree = new UsersTree(
    accounts,
    systemClock,
    (rows) => void tour.get().then((made) => made.noteSelected(rows), fail),
  );
  const statusBar = new StatusBar(accounts, warnAbout);
  const options: CommandOptions = {
    accounts,
    tree,
    actions: actions.get,
    accountActions: accountActions.get,
    finding: finding.get,
    keepFilter: async () => (await finding.loaded)?.keepFilter(),
    log,
    remembered,
  };
  const arranging = followArrangement(() => void finding.get().then((part) => part.followSettings(), fail));
  context.subscriptions.push(log, accounts, warnAbout, tree, statusBar, arranging, registerCommands(options), ...tools);
  const written = Uri.joinPath(globalStorageUri, 'written');
  // Before there is an account, there is nothing to keep up with.
  const first = accounts.onDidChange(() => {
    if (accounts.sessions.length > 0) {
      first.dispose();
      note(['choseAccount']);
      void import('./editor/keepUp')
        .then((part) =>
          part.keepUp({
            accounts,
            tree,
            clock: systemClock,
            folder: written,
            session: env.sessionId,
            log,
            onFilesChosen: () => void sources.filesChosen().catch(fail),
          }),
        )
        .then((keeping) => context.subscriptions.push(keeping))
        .catch(fail);
    }
  });
  void openRemembered(options, process.env[accountVariable]).catch(fail);
  void import('./editor/sweep')
    .then((part) => part.sweepLeftovers(sources, unfinished, log))
    .then((deleted) => (deleted ? accounts.refresh(false) : undefined))
    .catch(fail);
  return {
    end: async () => {
      await (await actions.loaded)?.end();
      await sources.end();
    },
  };
}
