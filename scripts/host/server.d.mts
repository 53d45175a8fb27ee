import type { ChildProcess } from 'node:child_process';

export interface HostOptions {
  /** The checkout whose `.vscode-test/host` is used; by default the one these scripts belong to. */
  root?: string | undefined;
  /** The server's data folder: settings, logs, global storage. Made when it is not there. */
  dataDir: string;
  /** Where installed extensions are; by default `extensions` in the data folder. */
  extensionsDir?: string | undefined;
  /** Absolute path of an extension that `url` loads from its folder. */
  extensionDevelopmentPath?: string | undefined;
  /** Absolute path of the folder that `url` opens; without one its window is empty. */
  folder?: string | undefined;
  /** On top of the quiet ones, for example `{ 'workbench.colorTheme': 'Default Light Modern' }`. */
  settings?: Record<string, unknown> | undefined;
  /** Added to this process's environment; `undefined` takes a variable away. Extension hosts see it. */
  env?: Record<string, string | undefined> | undefined;
  /** Needed for a run of extension tests (code.mjs), not for journeys. */
  smokeTestDriver?: boolean | undefined;
  /** True: folders are opened in Restricted Mode until a person trusts them. Left out: every folder is trusted. */
  workspaceTrust?: boolean | undefined;
  /** 0, the default, takes a free one. */
  port?: number | undefined;
  /** Further arguments, for example `['--reconnection-grace-time', '1']` (seconds). */
  serverArgs?: string[] | undefined;
  /** Gets a line now and then while the host is being installed. */
  log?: ((line: string) => void) | undefined;
}

export interface RunningHost {
  /** The window that the options describe. */
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  readonly extensionsDir: string;
  readonly pid: number;
  readonly child: ChildProcess;
  /** What the server has printed so far. */
  log(): string;
  /** Ends the server with all its extension hosts and resolves when none is left. May be called twice. */
  stop(): Promise<void>;
  /** One for each window that is open. Unix only. */
  extensionHostPids(): number[];
}

export declare const quietSettings: Readonly<Record<string, unknown>>;
export declare function startHost(options: HostOptions): Promise<RunningHost>;
export declare function writeSettings(dataDir: string, settings: Record<string, unknown>): Promise<void>;
export declare function installVsix(options: {
  vsix: string;
  extensionsDir: string;
  dataDir: string;
  root?: string | undefined;
}): Promise<void>;
export declare function workbenchUrl(options: {
  port: number;
  folder?: string | undefined;
  payload?: [string, string][] | undefined;
}): string;
export declare function developmentPayload(
  port: number,
  paths: { extensionDevelopmentPath?: string | undefined; extensionTestsPath?: string | undefined },
): [string, string][];
export declare function extensionHostPids(serverPid: number): number[];
