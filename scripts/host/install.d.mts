/** The checkout that these scripts belong to. */
export declare const repositoryRoot: string;
export interface HostPaths {
  readonly folder: string;
  readonly modules: string;
  readonly vscode: string;
  readonly serverMain: string;
  readonly browser: string;
  readonly marker: string;
}
export declare function hostPaths(root?: string): HostPaths;
/** Installs the host once; see install.mjs. */
export declare function ensureHost(options?: {
  root?: string | undefined;
  log?: ((line: string) => void) | undefined;
}): Promise<{ node: string; serverMain: string; version: string }>;
/** This process's environment without what npm, a test runner or an editor's terminal left in it. */
export declare function plainEnvironment(): Record<string, string>;
