import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { runCommand } from '../../scripts/host/workbench.mjs';
import { type PracticeAccount, startPracticeAccount } from '../../src/practice/server';
import { sisterCompany } from '../../src/practice/company';
import { selfSigned } from '../unit/practice/certificate';
import { EnrolmentPage, escape, openAlone, picture, pressOnRow, row, showUsers } from './hands';
import { Stage } from './stage';

/** A proxy that alone knows where the account is: the name in the profile leads nowhere. */
class Proxy {
  /** The addresses it was asked for. */
  readonly asked: string[] = [];
  /** What it wants to know before it does anything: status 407 without. */
  refuses = false;

  private constructor(
    private readonly server: Server,
    readonly address: string,
  ) {}

  static async open(account: PracticeAccount): Promise<Proxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const proxy = new Proxy(server, `http://127.0.0.1:${port}`);
    server.on('request', (incoming, answer) => {
      proxy.asked.push(incoming.url ?? '');
      if (proxy.refuses) {
        answer.writeHead(407, { 'Proxy-Authenticate': 'Basic' }).end();
        return;
      }
      const { hostname, port: accountPort } = new URL(account.endpoint);
      const { pathname } = new URL(incoming.url ?? '/', account.endpoint);
      const onwards = request(
        { hostname, port: accountPort, path: pathname, method: incoming.method, headers: incoming.headers },
        (reply) => {
          answer.writeHead(reply.statusCode ?? 500, reply.headers);
          reply.pipe(answer);
        },
      );
      onwards.on('error', () => answer.destroy());
      incoming.pipe(onwards);
    });
    return proxy;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

describe('the editor’s proxy', () => {
  let practice: PracticeAccount;
  let proxy: Proxy;
  let stage: Stage;

  beforeEach(async () => {
    practice = await startPracticeAccount();
    proxy = await Proxy.open(practice);
    stage = await Stage.start({
      profiles: { behind: { ...practice.caller('keeper'), endpoint: 'http://iam.acme.test' } },
      userSettings: { 'http.proxy': proxy.address },
    });
  });

  afterEach(async function () {
    await stage.closeWindows(this.currentTest);
    await stage.end();
    proxy.close();
    await practice.stop();
  });

  it('is gone through, and named where it is the trouble', async () => {
    const page = await stage.open();
    await showUsers(page);
    proxy.refuses = true;
    await openAlone(page, 'behind');
    await page.locator('.sidebar .message').getByText('http.proxyAuthorization').waitFor({ timeout: 60_000 });
    await picture(page, 'proxy-refused-dark');
    proxy.refuses = false;
    await pressOnRow(page, /^profile behind/, 'Refresh', { next: () => row(page, /^maya/).isVisible() });
    assert.ok(
      proxy.asked.every((address) => address.startsWith('http://iam.acme.test/')),
      proxy.asked.join(),
    );
    proxy.close();
    await runCommand(page, 'AWS MFA: Refresh');
    await page
      .locator('.sidebar .message')
      .getByText(`the proxy ${proxy.address}, which the setting http.proxy names`)
      .waitFor({ timeout: 60_000 });
  });
});

describe('an endpoint behind a private certificate authority', () => {
  let practice: PracticeAccount;
  let stage: Stage;
  const certificate = selfSigned();

  beforeEach(async () => {
    practice = await startPracticeAccount({ tls: certificate });
    stage = await Stage.start({ profiles: { private: { ...practice.caller('keeper'), endpoint: practice.endpoint } } });
  });

  afterEach(async function () {
    await stage.closeWindows(this.currentTest);
    await stage.end();
    await practice.stop();
  });

  it('is not trusted until the profile names its certificate, and then read by itself', async () => {
    const page = await stage.open();
    await showUsers(page);
    await openAlone(page, 'private');
    await page
      .locator('.sidebar .message')
      .getByText(/is not trusted on this computer.*ca_bundle.*http\.systemCertificates/)
      .waitFor({ timeout: 60_000 });
    await picture(page, 'certificate-dark');
    assert.deepEqual(practice.calls, [], 'nothing was told to a stranger');
    const bundle = path.join(stage.folder, 'authority.pem');
    writeFileSync(bundle, certificate.cert);
    appendFileSync(path.join(stage.folder, 'config'), `ca_bundle = ${bundle}\n`);
    await row(page, /^maya/).waitFor({ timeout: 60_000 });
  });
});

describe('a workspace that is not trusted', () => {
  let mine: PracticeAccount;
  let theirs: PracticeAccount;
  let stage: Stage;

  before(async () => {
    mine = await startPracticeAccount();
    theirs = await startPracticeAccount({ company: sisterCompany() });
    stage = await Stage.start({
      profiles: { mine: { ...mine.caller('keeper'), endpoint: mine.endpoint } },
      settings: { 'security.workspace.trust.startupPrompt': 'never' },
      workspaceTrust: true,
    });
  });

  after(async () => {
    await stage.end();
    await mine.stop();
    await theirs.stop();
  });

  it('changes nothing of whose files are read, and everything works in Restricted Mode', async () => {
    const folder = path.join(stage.folder, 'workspace');
    mkdirSync(path.join(folder, '.vscode'), { recursive: true });
    const config = path.join(folder, 'config');
    const { accessKeyId, secretAccessKey } = theirs.caller('labs-keeper');
    writeFileSync(
      config,
      [
        '[profile theirs]',
        `endpoint_url = ${theirs.endpoint}`,
        `aws_access_key_id = ${accessKeyId}`,
        `aws_secret_access_key = ${secretAccessKey}`,
        '',
      ].join('\n'),
    );
    writeFileSync(path.join(folder, '.vscode', 'settings.json'), JSON.stringify({ 'awsMfa.files.config': config }));
    const page = await stage.open(undefined, folder);
    await page.locator('.statusbar').getByText('Restricted Mode').waitFor({ timeout: 60_000 });
    await showUsers(page);
    await openAlone(page, 'mine');
    await row(page, /^maya/).waitFor({ timeout: 60_000 });
    await runCommand(page, 'AWS MFA: Add Account…');
    const list = page.locator('.quick-input-list');
    await list.getByText('mine', { exact: true }).waitFor();
    assert.equal(await list.getByText('theirs').count(), 0);
    await escape(page);
    const panel = await EnrolmentPage.fromRow(stage, page, /^maya/, 'Enable MFA…');
    await panel.enable(await panel.scan());
    await panel.says('MFA is on for maya');
    assert.deepEqual(theirs.calls, []);
  });
});
