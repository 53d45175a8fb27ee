import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { IAMClient, ListMFADevicesCommand, ListVirtualMFADevicesCommand } from '@aws-sdk/client-iam';
import type { BrowserContext, Page } from 'playwright-core';
import { installVsix, startHost, workbenchUrl, writeSettings, type RunningHost } from '../../scripts/host/server.mjs';
import { launchBrowser } from '../../scripts/host/workbench.mjs';

export const root = path.resolve(__dirname, '../..');

/** The editor's own themes, by what they are called in pictures. */
export const themes = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
  'high-contrast': 'Default High Contrast',
  'high-contrast-light': 'Default High Contrast Light',
} as const;
export type Theme = keyof typeof themes;

/** What the workbench calls itself in each. */
const themeClasses: Readonly<Record<Theme, string>> = {
  light: 'vs',
  dark: 'vs-dark',
  'high-contrast': 'hc-black',
  'high-contrast-light': 'hc-light',
};

/** Keys and an endpoint, as a person would put them into a profile. */
export interface Keys {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface StageOptions {
  /** Profiles of the AWS config file in the temporary home, by name. */
  readonly profiles?: Readonly<Record<string, Keys>>;
  /** Text that follows the profiles in the config file. */
  readonly moreConfig?: string;
  /** What AWS_MFA_ACCOUNT says: the account that is open from the start. */
  readonly account?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The person's own settings: some count nowhere else. */
  readonly userSettings?: Readonly<Record<string, unknown>>;
  /** True: a folder is opened in Restricted Mode. */
  readonly workspaceTrust?: boolean;
  /** More of the environment in which the extension runs. */
  readonly env?: Readonly<Record<string, string>>;
  /** A folder of installed extensions to use in place of one that holds the package alone. */
  readonly extensionsDir?: string;
}

/** Polls until the answer is there. It never waits for a fixed time, only for the condition. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  patience = 60_000,
): Promise<T> {
  const end = Date.now() + patience;
  for (;;) {
    const answer = await look();
    if (answer !== undefined && answer !== false) {
      return answer;
    }
    assert.ok(Date.now() < end, `Waited in vain for: ${what}`);
    await pause(100);
  }
}

/** A VS Code with the packaged extension in it, a home of its own, and a browser to look at it. */
export class Stage {
  /** Every seed that this journey has brought about. None may be found anywhere at the end. */
  readonly seeds = new Set<string>();
  readonly #contexts: BrowserContext[] = [];

  private constructor(
    readonly folder: string,
    readonly host: RunningHost,
    private readonly browser: Awaited<ReturnType<typeof launchBrowser>>,
  ) {}

  static async start(options: StageOptions = {}): Promise<Stage> {
    const folder = mkdtempSync(path.join(tmpdir(), 'mfa-journey-'));
    const config = path.join(folder, 'config');
    const sections = Object.entries(options.profiles ?? {}).map(([name, keys]) =>
      [
        `[profile ${name}]`,
        'region = us-east-1',
        `endpoint_url = ${keys.endpoint}`,
        `aws_access_key_id = ${keys.accessKeyId}`,
        `aws_secret_access_key = ${keys.secretAccessKey}`,
        ...(keys.sessionToken === undefined ? [] : [`aws_session_token = ${keys.sessionToken}`]),
        '',
      ].join('\n'),
    );
    writeFileSync(config, `${sections.join('\n')}${options.moreConfig ?? ''}`);
    if (options.userSettings) {
      const user = path.join(folder, 'data', 'data', 'User');
      mkdirSync(user, { recursive: true });
      writeFileSync(path.join(user, 'settings.json'), JSON.stringify(options.userSettings));
    }
    const extensionsDir = options.extensionsDir ?? (await installedExtension(path.join(folder, 'install')));
    const host = await startHost({
      dataDir: path.join(folder, 'data'),
      extensionsDir,
      settings: { 'workbench.colorTheme': 'Default Dark Modern', ...options.settings },
      env: {
        // What this computer says of AWS is not the journey's.
        ...Object.fromEntries(
          Object.keys(process.env).flatMap((name) => (name.startsWith('AWS_') ? [[name, undefined] as const] : [])),
        ),
        HOME: folder,
        AWS_CONFIG_FILE: config,
        AWS_SHARED_CREDENTIALS_FILE: path.join(folder, 'credentials'),
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_MFA_ACCOUNT: options.account,
        ...options.env,
      },
      serverArgs: ['--reconnection-grace-time', '1'],
      workspaceTrust: options.workspaceTrust,
    });
    return new Stage(folder, host, await launchBrowser());
  }

  /**
   * Opens a window, empty or on a folder. Each has a browser profile of its own, unless one is given.
   * @param language as the editor names it. The editor's own words stay English: its language packs are not installed.
   */
  async open(context?: BrowserContext, folder?: string, language?: string): Promise<Page> {
    // Where things may move, the editor gives a step of its walkthroughs the focus only when it has moved.
    const looks = { viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' } as const;
    const used = context ?? (await this.browser.newContext(looks));
    if (!context) {
      this.#contexts.push(used);
    }
    const page = await used.newPage();
    if (language !== undefined) {
      await page.route('**/nls.messages.js', async (route) => {
        const response = await route.fetch();
        const body = `${await response.text()}\nglobalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(language)};`;
        await route.fulfill({ response, body });
      });
    }
    await page.goto(workbenchUrl({ port: this.host.port, folder }), { timeout: 90_000 });
    await page.locator('.part.statusbar .statusbar-item').first().waitFor({ timeout: 90_000 });
    return page;
  }

  /** Puts another theme on every window. */
  async wear(theme: Theme): Promise<void> {
    for (const page of this.#contexts.flatMap((context) => context.pages())) {
      // A window that has only just opened may not hear of a file that changes, and hears of it the next time.
      await until(`${theme} to be worn`, async () => {
        await writeSettings(this.host.dataDir, { 'workbench.colorTheme': themes[theme] });
        const worn = page.locator(`.monaco-workbench.${themeClasses[theme]}`);
        return worn.waitFor({ timeout: 10_000 }).then(
          () => true,
          () => false,
        );
      });
    }
  }

  /** Closes every window as a person does. Of a test that failed, it keeps a picture of each. */
  async closeWindows(test: Mocha.Test | undefined): Promise<void> {
    const pages = this.#contexts.flatMap((context) => context.pages());
    for (const [index, page] of pages.entries()) {
      if (test?.state === 'failed') {
        const name = test.title.replace(/\W+/g, '-').slice(0, 60);
        await page.screenshot({ path: path.join(root, 'test-results', 'failures', `${name}-${index}.png`) });
      }
      const closed = page.waitForEvent('close');
      await page.close({ runBeforeUnload: true });
      await closed;
    }
  }

  /** Everything the extension has written into its log. */
  log(): string {
    return filesBelow(path.join(this.folder, 'data'))
      .filter((file) => /AWS MFA.*\.log$/.test(file))
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
  }

  /** Ends everything, after a look whether a seed was left anywhere. */
  async end(): Promise<void> {
    const storages = await Promise.all(
      this.#contexts.map(async (context) => JSON.stringify(await context.storageState({ indexedDB: true }))),
    );
    await this.browser.close();
    await this.host.stop();
    const found: string[] = [];
    for (const seed of this.seeds) {
      storages.forEach((storage, index) => {
        if (storage.includes(seed)) {
          found.push(`the storage of browser ${index}`);
        }
      });
      if (this.host.log().includes(seed)) {
        found.push('what the server printed');
      }
      found.push(...filesBelow(this.folder).filter((file) => readFileSync(file).includes(seed)));
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
    assert.deepEqual(found, [], 'a seed was left behind');
  }
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) {
    return [];
  }
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** The package that `npm run package` made. */
export function packagedExtension(): string {
  const vsix = path.join(root, 'mfa-for-aws-iam.vsix');
  assert.ok(existsSync(vsix), 'There is no package. Run: npm run package');
  return vsix;
}

/** The folder that holds the packaged extension, installed once for each package made. */
export async function installedExtension(dataDir: string): Promise<string> {
  const vsix = packagedExtension();
  const extensionsDir = path.join(root, '.vscode-test', 'e2e', String(Math.round(statSync(vsix).mtimeMs)));
  if (!existsSync(path.join(extensionsDir, 'extensions.json'))) {
    await installVsix({ vsix, extensionsDir, dataDir });
  }
  return extensionsDir;
}

/** A look at the account over the wire, by AWS's own SDK. */
export class Wire {
  readonly #iam: IAMClient;

  constructor(keys: Keys) {
    this.#iam = new IAMClient({
      endpoint: keys.endpoint,
      region: 'us-east-1',
      credentials: {
        accessKeyId: keys.accessKeyId,
        secretAccessKey: keys.secretAccessKey,
        ...(keys.sessionToken !== undefined && { sessionToken: keys.sessionToken }),
      },
    });
  }

  /** Serials of the user's devices. */
  async devices(userName: string): Promise<readonly string[]> {
    const answer = await this.#iam.send(new ListMFADevicesCommand({ UserName: userName }));
    return (answer.MFADevices ?? []).map((device) => device.SerialNumber ?? '');
  }

  /** Names of the virtual devices that belong to nobody. */
  async unassigned(): Promise<readonly string[]> {
    const answer = await this.#iam.send(new ListVirtualMFADevicesCommand({ AssignmentStatus: 'Unassigned' }));
    return (answer.VirtualMFADevices ?? []).map((device) => (device.SerialNumber ?? '').replace(/^.*\//, ''));
  }
}
