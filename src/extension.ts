import { env, type ExtensionContext, Uri, window } from 'vscode';
import { systemClock } from './core/clock';
import { Session } from './core/session';
import { openRemembered, registerCommands, type CommandOptions } from './editor/commands';
import type { DeviceActions } from './editor/deviceActions';
import { RememberedDevices } from './editor/deviceMemory';
import { accountVariable, extensionName } from './editor/manifest';
import { WarnAboutSetting } from './editor/settings';
import { StatusBar } from './editor/statusBar';
import { sweepLeftovers } from './editor/sweep';
import { UnfinishedFiles } from './editor/unfinishedFiles';
import { UsersTree } from './editor/usersTree';
import { LazySources } from './sources';

/** The editor calls two functions of this module, and the second needs to know what the first made. */
let running: { actions?: Promise<DeviceActions>; readonly sources: LazySources } | undefined;

/** Builds the parts and returns; what takes time goes on by itself. */
export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel(extensionName, { log: true });
  const sources = new LazySources(log);
  const unfinished = new UnfinishedFiles(Uri.joinPath(context.globalStorageUri, 'unfinished'), env.sessionId, log);
  const session = new Session(sources, systemClock, new RememberedDevices(unfinished, context.globalState));
  const warnAbout = new WarnAboutSetting();
  const tree = new UsersTree(session, systemClock);
  const statusBar = new StatusBar(session, systemClock, warnAbout);
  const own: NonNullable<typeof running> = { sources };
  const actions = () =>
    (own.actions ??= import('./editor/deviceActions').then(
      (part) => new part.DeviceActions({ extensionUri: context.extensionUri, clock: systemClock, log, unfinished }),
    ));
  const options: CommandOptions = { session, sources, tree, actions, log, memory: context.globalState };
  context.subscriptions.push(log, session, warnAbout, tree, statusBar, registerCommands(options));
  running = own;
  const fail = (error: unknown) => log.error(error instanceof Error ? error : String(error));
  void openRemembered(options, process.env[accountVariable]).catch(fail);
  void sweepLeftovers(sources, unfinished, log)
    .then((deleted) => (deleted ? session.refresh() : undefined))
    .catch(fail);
}

/** Devices that are half-made are deleted before the window is gone; the practice account ends after that. */
export async function deactivate(): Promise<void> {
  await (await running?.actions)?.end();
  await running?.sources.end();
  running = undefined;
}
