/**
 * A Chromium to launch: `chromium.launch({ executablePath, args, env: { ...process.env, ...env } })`.
 * Throws when there is none; call `ensureHost` first.
 */
export declare function findBrowser(options?: { root?: string | undefined }): {
  executablePath: string;
  args: string[];
  env: Record<string, string>;
};
