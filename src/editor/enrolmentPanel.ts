import {
  commands as editorCommands,
  Disposable,
  env,
  l10n,
  type LogOutputChannel,
  Uri,
  ViewColumn,
  type WebviewPanel,
  window,
} from 'vscode';
import { accountKey } from '../core/account';
import type { Clock } from '../core/clock';
import { deviceName, type Device } from '../core/device';
import { isRemoved } from '../core/deviceRemoval';
import { Enrolment, type EnrolmentState, type NewKind } from '../core/enrolment';
import { milestonesOf, type Milestone } from '../core/milestones';
import { Resync } from '../core/resync';
import { isSignInLost } from '../core/signInLost';
import type { UnfinishedStore } from '../core/unfinished';
import { parsePageMessage, type ActionId, type AppId, type PageMessage } from '../protocol/enrolment';
import { openUser, registerPasskey } from './awsConsole';
import { enrolmentHtml } from './enrolmentHtml';
import { bothOnWords, oldWords } from './enrolmentView';
import { remainsWords } from './failedView';
import { commands, panels } from './manifest';
import type { PanelAccount } from './panelAccount';
import { practiceCode, proofSerial, renewalOf, type PanelFacts, type PanelWork } from './panelFacts';
import { panelSnapshot } from './panelSnapshot';

/** What a panel is opened for. */
export type PanelPurpose =
  | { readonly kind: 'enable'; readonly newKind: NewKind }
  | { readonly kind: 'replace'; readonly device: Device }
  | { readonly kind: 'resync'; readonly device: Device };

export interface PanelOptions {
  readonly extensionUri: Uri;
  readonly clock: Clock;
  readonly log: LogOutputChannel;
  readonly unfinished: UnfinishedStore;
  /** Told what a person has done on the way to a device that works. */
  readonly note: (done: readonly Milestone[]) => void;
}

const appAddresses: Readonly<Record<AppId, string>> = {
  google: 'https://support.google.com/accounts/answer/1066447',
  microsoft: 'https://www.microsoft.com/security/mobile-authenticator-app',
  onepassword: 'https://support.1password.com/one-time-passwords/',
  bitwarden: 'https://bitwarden.com/products/authenticator/',
  duo: 'https://duo.com/product/multi-factor-authentication-mfa/duo-mobile-app',
  others: 'https://aws.amazon.com/iam/features/mfa/',
};

/** How long a copied secret key stays on the clipboard, milliseconds. */
const clipboardTime = 60_000;

/** The work that is on screen: one panel for each user of each account, and for each device that is replaced or resynced. */
export class EnrolmentPanels implements Disposable {
  readonly #open = new Map<string, EnrolmentPanel>();

  constructor(private readonly options: PanelOptions) {}

  /** Opens a panel, or brings it back to the front. */
  show(target: PanelAccount, userName: string, purpose: PanelPurpose): void {
    const about = purpose.kind === 'enable' ? '' : `${purpose.kind} ${purpose.device.serial}`;
    const key = `${accountKey(target.account.caller, target.connection.endpoint)}:${userName}:${about}`;
    const open = this.#open.get(key);
    if (open?.goesOn) {
      open.reveal(purpose);
      return;
    }
    // One that has ended says what was true then: what is asked for now begins anew.
    void open?.end();
    const panel = new EnrolmentPanel(this.options, target, userName, purpose, {
      onEnd: () => {
        if (this.#open.get(key) === panel) {
          this.#open.delete(key);
        }
      },
      onOther: (other) => this.show(target, userName, other),
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

/** One panel, such as *Enable MFA for alice*. */
class EnrolmentPanel {
  readonly #panel: WebviewPanel;
  readonly #work: PanelWork;
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
    purpose: PanelPurpose,
    private readonly told: { readonly onEnd: () => void; readonly onOther: (purpose: PanelPurpose) => void },
  ) {
    const { source, connection } = target;
    const { extensionUri } = options;
    const title = panelTitle(target, userName, purpose);
    this.#facts = {
      title,
      source,
      ...(connection.practice && { practice: connection.practice }),
      ...(connection.endpoint !== undefined && { endpoint: connection.endpoint }),
      code1: '',
      code2: '',
      codesRevision: 0,
      serialRevision: 0,
      proofRevision: 0,
      phoneShown: false,
    };
    this.#work = workFor(options, target, userName, purpose);
    const bundle = Uri.joinPath(extensionUri, 'dist', 'webview');
    const media = Uri.joinPath(extensionUri, 'media');
    this.#panel = window.createWebviewPanel(panels.enrolment, title, ViewColumn.Active, {
      enableScripts: true,
      localResourceRoots: [bundle, media],
    });
    this.#panel.iconPath = {
      light: Uri.joinPath(media, 'panel-light.svg'),
      dark: Uri.joinPath(media, 'panel-dark.svg'),
    };
    const second = setInterval(() => this.#tick(), 1000);
    const isSecond = purpose.kind === 'enable' && hasDevice(target, userName);
    let before: EnrolmentState = { kind: 'looking' };
    this.#own = Disposable.from(
      this.#panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(message)),
      this.#panel.onDidDispose(() => void this.end()),
      this.#flow.onDidChange((state) => {
        // Whoever asks anew or empties the typed codes means the page's fields to follow.
        if ('verdict' in state && state.verdict.kind === 'nothing' && !this.#isSending() && this.#hasWholeCode()) {
          this.#clearCodes();
        }
        // Not after a try for which there was no sign-in: the code was not used.
        if (state.kind === 'proving' && !state.busy && !(state.problem && isSignInLost(state.problem))) {
          this.#facts = { ...this.#facts, proofRevision: this.#facts.proofRevision + 1 };
        }
        if (this.#work.kind === 'enrol') {
          const now = this.#work.enrolment.state;
          options.note(milestonesOf(before, now, isSecond));
          before = now;
        }
        if (state.kind === 'done' && 'old' in state) {
          const { device, removal } = state.old;
          const arn = target.account.caller.arn;
          options.log.info(`${arn} replaces ${device.serial} of ${userName}: ${removal.kind}`);
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
      title,
      locale: env.language,
    });
    void this.#enrolment?.start();
  }

  /** What every kind of work has in common: two codes are typed and sent. */
  get #flow(): Enrolment | Resync {
    return this.#work.kind === 'enrol' ? this.#work.enrolment : this.#work.resync;
  }

  get #enrolment(): Enrolment | undefined {
    return this.#work.kind === 'enrol' ? this.#work.enrolment : undefined;
  }

  /** Whether there is still something to do in it. */
  get goesOn(): boolean {
    const { state } = this.#flow;
    if (state.kind === 'done') {
      // The old device may still be there to be removed.
      return 'old' in state && !isRemoved(state.old.removal);
    }
    return state.kind !== 'failed' && state.kind !== 'cancelled';
  }

  reveal(purpose: PanelPurpose): void {
    this.#panel.reveal();
    if (purpose.kind === 'enable' && purpose.newKind === 'token') {
      void this.#enrolment?.useToken();
    }
  }

  /** Ends the work: a device that is not enabled is deleted. Settles once that is done. */
  end(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #end(): Promise<void> {
    this.#own.dispose();
    this.told.onEnd();
    const wasDone = this.#enrolment?.state.kind === 'done';
    try {
      await this.#flow.cancel();
    } finally {
      // Whatever happens, no secret outlives the panel.
      this.#flow.dispose();
      this.#panel.dispose();
      await this.#clearClipboard();
    }
    const state = this.#enrolment?.state;
    if (!wasDone && state?.kind === 'done' && state.old?.removal.kind === 'waiting') {
      void window.showWarningMessage(bothOnWords(this.#flow.userName, state.device, state.old));
    }
    if (state?.kind !== 'cancelled') {
      return;
    }
    const { remains, old } = state;
    if (remains.kind === 'device') {
      this.options.log.warn(`An unassigned device is left: ${remains.serial}`);
    }
    // Nobody is to believe that cancelling has brought the old device back.
    const words = [
      ...(old ? [oldWords(this.#flow.userName, old)] : []),
      ...(remains.kind === 'nothing' ? [] : [remainsWords(remains)]),
    ];
    if (words.length > 0) {
      void window.showWarningMessage(words.join(' '));
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
        void this.#flow.submit();
        break;
      case 'serial':
        if (this.#question() === message.enrolment) {
          this.#enrolment?.typedSerial(message.serial);
        }
        break;
      case 'proofDevice':
        this.#facts = { ...this.#facts, proofSerial: message.serial };
        this.#send();
        break;
      case 'prove':
        this.#facts = { ...this.#facts, proofSerial: message.serial };
        void this.#enrolment?.prove(message.serial, message.code);
        break;
      case 'name':
        void this.#enrolment?.useName(message.name);
        break;
      case 'app':
        void env.openExternal(Uri.parse(appAddresses[message.id]));
        break;
      case 'phone':
        this.#facts = { ...this.#facts, phoneShown: message.shown && this.target.connection.practice !== undefined };
        this.#send();
        break;
      case 'action':
        void this.#act(message.id);
        break;
    }
  }

  async #act(id: ActionId): Promise<void> {
    switch (id) {
      case 'cancel':
        await this.#cancel();
        break;
      case 'close':
        await this.end();
        break;
      case 'copyKey':
        await this.#copyKey();
        break;
      case 'deleteLeftover':
        await this.#enrolment?.deleteLeftover();
        break;
      case 'retry':
        await this.#enrolment?.retry();
        await this.#endIfNothingIsLeft();
        break;
      case 'renewSignIn':
        await this.#renewSignIn();
        break;
      case 'showLog':
        this.options.log.show();
        break;
      case 'addSecond':
        await this.end();
        this.told.onOther({ kind: 'enable', newKind: 'virtual' });
        break;
      case 'openConsole':
        await openUser(this.target, this.#flow.userName);
        break;
      case 'usePasskey':
        await registerPasskey(this.target, this.#flow.userName);
        break;
      case 'useToken':
        await this.#enrolment?.useToken();
        break;
      case 'useApp':
        await this.#enrolment?.useApp();
        break;
      case 'practiceToken':
        this.#typePracticeToken();
        break;
      case 'resync':
        this.#resync();
        break;
      case 'removeOld':
        await (this.#enrolment?.state.kind === 'full' ? this.#enrolment.makeRoom() : this.#enrolment?.removeOld());
        break;
    }
  }

  async #cancel(): Promise<void> {
    await this.#flow.cancel();
    await this.#endIfNothingIsLeft();
  }

  /** After giving up. A device that is left behind is said in the panel; otherwise there is nothing to stay for. */
  async #endIfNothingIsLeft(): Promise<void> {
    const { state } = this.#flow;
    if (state.kind === 'cancelled' && !('remains' in state && state.remains.kind === 'device')) {
      await this.end();
    }
  }

  /** Which command it is comes from the problem, never from the page. */
  async #renewSignIn(): Promise<void> {
    const renewal = renewalOf(this.#work);
    if (renewal) {
      await editorCommands.executeCommand(commands.renewSignIn, { renewal });
    }
  }

  #typePracticeToken(): void {
    const [serial] = this.target.connection.practice?.spareTokens() ?? [];
    if (serial !== undefined) {
      this.#facts = { ...this.#facts, serialRevision: this.#facts.serialRevision + 1 };
      this.#enrolment?.typedSerial(serial);
    }
  }

  /** Opens another panel, in which the device that is to prove, or that was enabled late, is set right. */
  #resync(): void {
    const state = this.#enrolment?.state;
    const devices = state?.kind === 'proving' ? state.devices : state?.kind === 'done' ? [state.device] : [];
    const chosen = proofSerial(devices, this.#facts);
    const device = devices.find(({ serial }) => serial === chosen);
    if (device) {
      this.told.onOther({ kind: 'resync', device });
    }
  }

  #take(question: number, code1: string, code2: string): void {
    if (this.#question() !== question || this.#isSending()) {
      return;
    }
    this.#facts = { ...this.#facts, code1, code2 };
    this.#flow.typed(code1, code2);
  }

  /** Which question for two codes is on screen; a message about another is late. */
  #question(): number | undefined {
    const { state } = this.#flow;
    return 'count' in state ? state.count : state.kind === 'ready' ? 1 : undefined;
  }

  #isSending(): boolean {
    const { state } = this.#flow;
    return ('enabling' in state && state.enabling) || ('sending' in state && state.sending);
  }

  #hasWholeCode(): boolean {
    return this.#facts.code1.length === 6 || this.#facts.code2.length === 6;
  }

  #clearCodes(): void {
    this.#facts = { ...this.#facts, code1: '', code2: '', codesRevision: this.#facts.codesRevision + 1 };
  }

  #tick(): void {
    this.#flow.tick();
    if (practiceCode(this.#work, this.#facts) !== this.#shownCode) {
      this.#send();
    }
  }

  #send(): void {
    if (!this.#ready) {
      return;
    }
    const snapshot = panelSnapshot(this.#work, this.#facts);
    this.#shownCode = practiceCode(this.#work, this.#facts);
    void this.#panel.webview.postMessage({ type: 'snapshot', snapshot });
  }

  async #copyKey(): Promise<void> {
    const state = this.#enrolment?.state;
    if (state?.kind !== 'ready') {
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

function workFor(
  { clock, unfinished }: PanelOptions,
  { source, directory, account }: PanelAccount,
  userName: string,
  purpose: PanelPurpose,
): PanelWork {
  if (purpose.kind === 'resync') {
    return { kind: 'resync', resync: new Resync({ directory, clock, account, userName, device: purpose.device }) };
  }
  const more = purpose.kind === 'enable' ? { kind: purpose.newKind } : { replaces: purpose.device };
  return {
    kind: 'enrol',
    enrolment: new Enrolment({ directory, clock, unfinished, source, account, userName, ...more }),
  };
}

function hasDevice({ directory }: PanelAccount, userName: string): boolean {
  return directory.account?.users.get(userName)?.mfa.kind === 'has';
}

function panelTitle(target: PanelAccount, userName: string, purpose: PanelPurpose): string {
  switch (purpose.kind) {
    case 'enable':
      return hasDevice(target, userName)
        ? l10n.t('Add an MFA device for {0}', userName)
        : l10n.t('Enable MFA for {0}', userName);
    case 'replace':
      return l10n.t('Replace {0} of {1}', deviceName(purpose.device.serial), userName);
    case 'resync':
      return l10n.t('Resync {0} of {1}', deviceName(purpose.device.serial), userName);
  }
}

function nonce(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(24))));
}
