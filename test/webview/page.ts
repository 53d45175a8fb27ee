import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import axe from 'axe-core';
import type { Browser, Frame, Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/host/workbench.mjs';
import { enrolmentHtml } from '../../src/editor/enrolmentHtml';
import type { PageMessage, Snapshot, SnapshotMessage } from '../../src/protocol/enrolment';
import darkModern from './themes/dark-modern.json';
import highContrastDark from './themes/high-contrast-dark.json';
import highContrastLight from './themes/high-contrast-light.json';
import lightModern from './themes/light-modern.json';

const root = path.join(__dirname, '../..');

export const themes = {
  'dark modern': darkModern,
  'light modern': lightModern,
  'high contrast dark': highContrastDark,
  'high contrast light': highContrastLight,
};
export type ThemeName = keyof typeof themes;
export const themeNames = Object.keys(themes) as ThemeName[];

/** What VS Code's own stylesheet does to a page, as far as it matters here. */
const editorStyles = `
  html { scrollbar-color: #888 transparent; }
  body { background-color: transparent; color: var(--vscode-editor-foreground); padding: 0 20px; }
  img, video { max-width: 100%; max-height: 100%; }
  a, a code { color: var(--vscode-textLink-foreground); }
  a:focus, input:focus, select:focus, textarea:focus { outline: 1px solid -webkit-focus-ring-color; outline-offset: -1px; }
  code { font-family: monospace; color: var(--vscode-textPreformat-foreground);
    background-color: var(--vscode-textPreformat-background); padding: 1px 3px; border-radius: 4px; }
`;

/** Stands in for what VS Code gives a page: the API, the theme's class, and messages. Runs before the page's script. */
function editorScript(bodyClass: string): string {
  return `
    window.standIn = { sent: [], stateCalls: 0, violations: [] };
    window.acquireVsCodeApi = () => ({
      postMessage: (message) => { window.standIn.sent.push(structuredClone(message)); },
      getState: () => { window.standIn.stateCalls++; },
      setState: () => { window.standIn.stateCalls++; },
    });
    document.addEventListener('securitypolicyviolation', (event) => {
      window.standIn.violations.push(event.violatedDirective + ' ' + event.blockedURI);
    });
    document.addEventListener('DOMContentLoaded', () => { document.body.className = ${JSON.stringify(bodyClass)}; });
  `;
}

/** How a page is opened. */
export interface OpenOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  readonly reducedMotion?: 'reduce' | 'no-preference';
  readonly deviceScaleFactor?: number;
  /** Stops the page's clocks about then; `page.clock` moves them. */
  readonly clockAt?: number;
  /** Draws this at once. */
  readonly snapshot?: Snapshot;
}

/** A page, and the editor that stands in for VS Code. */
export class OpenedPage {
  constructor(
    readonly page: Page,
    private readonly frame: Frame = page.mainFrame(),
  ) {}

  async send(snapshot: Snapshot): Promise<void> {
    const message: SnapshotMessage = { type: 'snapshot', snapshot };
    // The message is delivered and drawn once the later message has come back.
    await this.frame.evaluate(`new Promise((resolve) => {
      window.addEventListener('message', function drawn(event) {
        if (event.data === 'drawn') { window.removeEventListener('message', drawn); resolve(); }
      });
      window.postMessage(${JSON.stringify(message)}, '*');
      window.postMessage('drawn', '*');
    })`);
  }

  /** What the page has told the editor, oldest first. */
  sent(): Promise<PageMessage[]> {
    return this.frame.evaluate('window.standIn.sent');
  }

  async lastSent(): Promise<PageMessage | undefined> {
    return (await this.sent()).at(-1);
  }

  async forgetSent(): Promise<void> {
    await this.frame.evaluate('window.standIn.sent.length = 0');
  }

  violations(): Promise<string[]> {
    return this.frame.evaluate('window.standIn.violations');
  }

  /** Id or else accessible words of what has the focus; empty where nothing on the page has it. */
  focused(): Promise<string> {
    return this.frame.evaluate(`(() => {
      const { activeElement, body } = document;
      const { id, textContent, labels } = activeElement;
      return activeElement === body ? '' : id || textContent || labels?.[0]?.textContent;
    })()`);
  }

  /** Pastes as a person does: by the clipboard and the keyboard, into whatever has the focus. */
  async paste(text: string): Promise<void> {
    await this.frame.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
    await this.page.keyboard.press('ControlOrMeta+V');
  }

  /** Breaches of WCAG A and AA and of good practice that axe-core finds, each as one line. */
  async accessibilityFaults(): Promise<string[]> {
    await this.page.evaluate(axe.source);
    const results = await this.page.evaluate<axe.AxeResults>('axe.run(document, { resultTypes: ["violations"] })');
    return results.violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`),
    );
  }
}

/** The built page behind a loopback server, in a real browser. */
export class PageUnderTest {
  private readonly tabs = new Map<string, Page>();

  private constructor(
    private readonly server: Server,
    private readonly browser: Browser,
  ) {}

  static async start(): Promise<PageUnderTest> {
    const server = createServer();
    const files = await builtFiles();
    server.on('request', (request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      const file = files.get(pathname);
      response.writeHead(file ? 200 : 404, { 'content-type': file?.type ?? 'text/plain' });
      response.end(file?.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = originOf(server);
    for (const [name, theme] of Object.entries(themes)) {
      const html = enrolmentHtml({
        cspSource: origin,
        nonce: 'bm9uY2Utb2YtdGhlLXRlc3Q',
        script: '/enrolment.js',
        styles: ['/editor.css', themePath(name), '/codicon.css', '/enrolment.css'],
        title: 'Enable MFA',
        locale: 'en',
      });
      files.set(pagePath(name), { type: 'text/html', body: html });
      files.set(themePath(name), { type: 'text/css', body: themeStyles(theme.variables) });
    }
    const beside = `<!doctype html><input id="elsewhere"><iframe name="beside" src="${pagePath('dark modern')}"></iframe>`;
    files.set('/beside.html', { type: 'text/html', body: beside });
    try {
      return new PageUnderTest(server, await launchBrowser());
    } catch (error) {
      server.close();
      throw error;
    }
  }

  /** Opens the page anew. The tab is used again where it was opened with the same options. */
  async open(options: OpenOptions = {}): Promise<OpenedPage> {
    const { snapshot, clockAt, ...tabOptions } = options;
    const theme = options.theme ?? 'dark modern';
    const key = JSON.stringify({ ...tabOptions, clockAt });
    const page = this.tabs.get(key) ?? (await this.newTab(theme, options));
    this.tabs.set(key, page);
    await page.goto(originOf(this.server) + pagePath(theme));
    if (clockAt !== undefined) {
      await page.clock.pauseAt(clockAt + 60_000);
    }
    const opened = new OpenedPage(page);
    if (snapshot) {
      await opened.send(snapshot);
    }
    return opened;
  }

  /** Opens the page in a frame, beside something else that a person may be at: `#elsewhere`. */
  async openBeside(): Promise<OpenedPage> {
    const page = await this.newTab('dark modern', {});
    await page.goto(`${originOf(this.server)}/beside.html`);
    const frame = page.frame('beside');
    if (!frame) {
      throw new Error('The page has no frame.');
    }
    await frame.waitForLoadState();
    return new OpenedPage(page, frame);
  }

  private async newTab(theme: ThemeName, options: OpenOptions): Promise<Page> {
    const context = await this.browser.newContext({
      viewport: { width: options.width ?? 900, height: options.height ?? 900 },
      reducedMotion: options.reducedMotion ?? 'no-preference',
      deviceScaleFactor: options.deviceScaleFactor ?? 1,
    });
    await context.addInitScript({ content: editorScript(themes[theme].bodyClass) });
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: originOf(this.server) });
    const page = await context.newPage();
    if (options.clockAt !== undefined) {
      await page.clock.install({ time: options.clockAt });
    }
    return page;
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

interface ServedFile {
  readonly type: string;
  readonly body: string | Uint8Array;
}

/** Builds the page as scripts/build.mjs does for a release, and reads the styles that ship with it. */
async function builtFiles(): Promise<Map<string, ServedFile>> {
  const script = path.join(root, 'dist/webview/enrolment.js');
  if (!existsSync(script)) {
    throw new Error('The page is not built. Run: npm run build');
  }
  const codicons = path.join(root, 'node_modules/@vscode/codicons/dist');
  return new Map<string, ServedFile>([
    ['/enrolment.js', { type: 'text/javascript', body: await readFile(script) }],
    ['/enrolment.css', { type: 'text/css', body: await readFile(path.join(root, 'media/enrolment.css')) }],
    ['/codicon.css', { type: 'text/css', body: await readFile(path.join(codicons, 'codicon.css')) }],
    ['/codicon.ttf', { type: 'font/ttf', body: await readFile(path.join(codicons, 'codicon.ttf')) }],
    ['/editor.css', { type: 'text/css', body: editorStyles }],
  ]);
}

function themeStyles(variables: Readonly<Record<string, string>>): string {
  const lines = Object.entries(variables).map(([name, value]) => `--vscode-${name}: ${value};`);
  return `:root { ${lines.join(' ')} }`;
}

function slug(themeName: string): string {
  return themeName.replaceAll(' ', '-');
}

function pagePath(themeName: string): string {
  return `/${slug(themeName)}.html`;
}

function themePath(themeName: string): string {
  return `/${slug(themeName)}.css`;
}

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
