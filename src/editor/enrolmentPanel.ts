import { Disposable, env, type LogOutputChannel, Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import type { AccountSource } from '../core/account';
import type { Clock } from '../core/clock';
import type { AccountConnection } from '../core/connection';
import type { AccountSnapshot, Directory } from '../core/directory';
import { Enrolment } from '../core/enrolment';
import type { UnfinishedStore } from '../core/unfinished';
import { parsePageMessage, type ActionId, type AppId, type PageMessage } from '../protocol/enrolment';
import { enrolmentHtml } from './enrolmentHtml';
import { enrolmentSnapshot, panelTitle, remainsWords, type PanelFacts } from './enrolmentSnapshot';
import { panels } from './manifest';

/** The account a panel acts on, and keeps to whatever is chosen later. */
export interface PanelAccount {
  readonly source: AccountSource;
  readonly connection: AccountConnection;
  readonly directory: Directory;
  readonly account: AccountSnapshot;
}

export interface PanelOptions {
  readonly extensionUri: Uri;
  readonly clock: Clock;
  readonly log: LogOutputChannel;
  readonly unfinished: UnfinishedStore;
}

const appAddresses: Readonly<Record<AppId, string>> = {
  google: 'https://support.google.com/accounts/answer/1066447',
  microsoft: 'https://www.microsoft.com/security/mobile-authenticator-app',
  onepassword: 'https://support.1password.com/one-time-passwords/',
  bitwarden: 'https://bitwarden.com/products/authenticator/',
  duo: 'https://duo.com/product/multi-factor-authentication-mfa/duo-mobile-app',
  others: 'https://aws.amazon.com/iam/features/mfa/',
};

const consoleAddress = 'https://console.aws.amazon.com/iam/home#/users';

/** How long a copied secret key stays on the clipboard, milliseconds. */
const clipboardTime = 60_000;

/** The enrolments that are on screen: one panel for each user of each account. */
export class EnrolmentPanels implements Disposable {
  readonly #open = new Map<string, EnrolmentPanel>();

  constructor(private readonly options: PanelOptions) {}

  /** Opens the panel for a user, or brings it back to the front. */
  show(target: PanelAccount, userName: string): void {
    const { caller } = target.account;
    const key = `${caller.partition}:${caller.accountId}:${userName}`;
    const open = this.#open.get(key);
    if (open) {
      open.reveal();
      return;
    }
    const panel = new EnrolmentPanel(this.options, target, userName, {
      onEnd: () => {
        if (this.#open.get(key) === panel) {
          this.#open.delete(key);
        }
      },
      onAddSecond: () => this.show(target, userName),
    });
    this.#open.set(key, panel);
  }

  /** Ends every enrolment, and waits until what they made is deleted. */
  async end(): Promise<void> {
    await Promise.all([...this.#open.values()].map((panel) => panel.end()));
  }

  dispose(): void {
    void this.end();
  }
}

/** One panel, *Enable MFA for alice*. */
class EnrolmentPanel {
  readonly #panel: WebviewPanel;
  readonly #enrolment: Enrolment;
  readonly #own: Disposable;
  #ready = false;
  #facts: PanelFacts;
  #ended: Promise<void> | undefined;
  #copied: { readonly key: string; readonly timer: ReturnType<typeof setTimeout> } | undefined;
  /** What the page was sent last for the practice phone. */
  #shownCode: string | undefined;

  constructor(
    private readonly options: PanelOptions,
    private readonly target: PanelAccount,
    userName: string,
    private readonly told: { readonly onEnd: () => void; readonly onAddSecond: () => void },
  ) {
    const { source, connection, directory, account } = target;
    const { clock, unfinished, extensionUri } = options;
    this.#facts = {
      source,
      practice: connection.practice,
      ...(connection.endpoint !== undefined && { endpoint: connection.endpoint }),
      code1: '',
      code2: '',
      codesRevision: 0,
      phoneShown: false,
    };
    this.#enrolment = new Enrolment({ directory, clock, unfinished, source, account, userName });
    const bundle = Uri.joinPath(extensionUri, 'dist', 'webview');
    const media = Uri.joinPath(extensionUri, 'media');
    this.#panel = window.createWebviewPanel(panels.enrolment, panelTitle(userName), ViewColumn.Active, {
      enableScripts: true,
      localResourceRoots: [bundle, media],
    });
    this.#panel.iconPath = {
      light: Uri.joinPath(media, 'panel-light.svg'),
      dark: Uri.joinPath(media, 'panel-dark.svg'),
    };
    const second = setInterval(() => this.#tick(), 1000);
    this.#own = Disposable.from(
      this.#panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(message)),
      this.#panel.onDidDispose(() => void this.end()),
      this.#enrolment.onDidChange((state) => {
        // Whoever makes a device or empties the typed codes means the page's fields to follow.
        if (state.kind === 'ready' && state.verdict.kind === 'nothing' && !state.enabling && this.#hasWholeCode()) {
          this.#clearCodes();
        }
        this.#send();
      }),
      { dispose: () => clearInterval(second) },
    );
    const { webview } = this.#panel;
    const address = (...parts: string[]) => webview.asWebviewUri(Uri.joinPath(extensionUri, ...parts)).toString();
    webview.html = enrolmentHtml({
      cspSource: webview.cspSource,
      nonce: nonce(),
      script: address('dist', 'webview', 'enrolment.js'),
      styles: [address('dist', 'webview', 'codicon.css'), address('media', 'enrolment.css')],
      title: panelTitle(userName),
      locale: env.language,
    });
    void this.#enrolment.start();
  }

  reveal(): void {
    this.#panel.reveal();
  }

  /** Ends the enrolment: a device that is not enabled is deleted. Settles once that is done. */
  end(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #end(): Promise<void> {
    this.#own.dispose();
    this.told.onEnd();
    const state = await this.#enrolment.cancel();
    await this.#clearClipboard();
    this.#enrolment.dispose();
    this.#panel.dispose();
    if (state.kind === 'cancelled' && state.remains.kind === 'device') {
      this.options.log.warn(`An unassigned device is left: ${state.remains.serial}`);
      void window.showWarningMessage(remainsWords(state.remains));
    }
  }

  #receive(value: unknown): void {
    const message = parsePageMessage(value);
    if (!message) {
      this.options.log.warn('The enrolment page sent something that is no message');
      return;
    }
    this.#handle(message);
  }

  #handle(message: PageMessage): void {
    switch (message.type) {
      case 'ready':
        this.#ready = true;
        // A page made anew takes over what was typed.
        this.#facts = { ...this.#facts, codesRevision: this.#facts.codesRevision + 1 };
        this.#send();
        break;
      case 'codes':
        this.#take(message.enrolment, message.code1, message.code2);
        break;
      case 'submit':
        this.#take(message.enrolment, message.code1, message.code2);
        void this.#enrolment.submit();
        break;
      case 'name':
        void this.#enrolment.useName(message.name);
        break;
      case 'app':
        void env.openExternal(Uri.parse(appAddresses[message.id]));
        break;
      case 'phone':
        this.#facts = { ...this.#facts, phoneShown: message.shown && this.target.connection.practice };
        this.#send();
        break;
      case 'action':
        void this.#act(message.id);
        break;
    }
  }

  async #act(id: ActionId): Promise<void> {
    switch (id) {
      case 'cancel': {
        const state = await this.#enrolment.cancel();
        // What is left behind is said in the panel; otherwise there is nothing to stay for.
        if (state.kind === 'cancelled' && state.remains.kind === 'nothing') {
          await this.end();
        }
        break;
      }
      case 'close':
        await this.end();
        break;
      case 'copyKey':
        await this.#copyKey();
        break;
      case 'deleteLeftover':
        await this.#enrolment.deleteLeftover();
        break;
      case 'retry':
        await this.#enrolment.retry();
        break;
      case 'showLog':
        this.options.log.show();
        break;
      case 'addSecond':
        await this.end();
        this.told.onAddSecond();
        break;
      case 'openConsole':
        await env.openExternal(Uri.parse(consoleAddress));
        break;
    }
  }

  #take(enrolment: number, code1: string, code2: string): void {
    const { state } = this.#enrolment;
    if (state.kind !== 'ready' || state.device.count !== enrolment || state.enabling) {
      return;
    }
    this.#facts = { ...this.#facts, code1, code2 };
    this.#enrolment.typed(code1, code2);
  }

  #hasWholeCode(): boolean {
    return this.#facts.code1.length === 6 || this.#facts.code2.length === 6;
  }

  #clearCodes(): void {
    this.#facts = { ...this.#facts, code1: '', code2: '', codesRevision: this.#facts.codesRevision + 1 };
  }

  #tick(): void {
    this.#enrolment.tick();
    if (this.#facts.phoneShown && this.#enrolment.currentCode() !== this.#shownCode) {
      this.#send();
    }
  }

  #send(): void {
    if (!this.#ready) {
      return;
    }
    const snapshot = enrolmentSnapshot(this.#enrolment, this.#facts);
    this.#shownCode = snapshot.view.kind === 'scan' ? snapshot.view.phone?.code : undefined;
    void this.#panel.webview.postMessage({ type: 'snapshot', snapshot });
  }

  async #copyKey(): Promise<void> {
    const { state } = this.#enrolment;
    if (state.kind !== 'ready') {
      return;
    }
    const key = state.device.seed;
    await env.clipboard.writeText(key);
    if (this.#copied) {
      clearTimeout(this.#copied.timer);
    }
    this.#copied = { key, timer: setTimeout(() => void this.#clearClipboard(), clipboardTime) };
  }

  /** Takes the secret key off the clipboard, unless something else was copied since. */
  async #clearClipboard(): Promise<void> {
    const copied = this.#copied;
    if (!copied) {
      return;
    }
    this.#copied = undefined;
    clearTimeout(copied.timer);
    if ((await env.clipboard.readText()) === copied.key) {
      await env.clipboard.writeText('');
    }
  }
}

function nonce(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(24))));
}
