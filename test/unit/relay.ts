import { createServer, request as send, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** What happens to a call on its way; the faults of a network, which the practice account itself cannot have. */
export type Mishap =
  /** Breaks the connection before the account hears of the call. */
  | { readonly kind: 'lost' }
  /** Answers in the account's place, which hears nothing. */
  | { readonly kind: 'answer'; readonly status: number; readonly type: string; readonly body: string }
  /** Changes the account's answer. */
  | { readonly kind: 'change'; readonly change: (body: string) => string }
  /** Answers with something that is not HTTP. */
  | { readonly kind: 'garbage' };

interface Rule {
  readonly operation: string;
  readonly mishap: Mishap;
  passed: number;
  left: number;
}

/** Holds calls of one operation back until it is opened. */
export class Gate {
  readonly #opened: Promise<void>;
  #open: () => void = () => undefined;
  readonly #reached: Promise<void>;
  #reach: () => void = () => undefined;

  constructor(
    readonly operation: string,
    private most: number,
  ) {
    this.#opened = new Promise((resolve) => (this.#open = resolve));
    this.#reached = new Promise((resolve) => (this.#reach = resolve));
  }

  /** Settles once the first call waits here. */
  get reached(): Promise<void> {
    return this.#reached;
  }

  open(): void {
    this.#open();
  }

  /** For the relay. @returns whether this call is one to be held; counts it */
  takes(operation: string): boolean {
    return operation === this.operation && this.most-- > 0;
  }

  /** For the relay. */
  async pass(): Promise<void> {
    this.#reach();
    await this.#opened;
  }
}

/** Stands between a client and the practice account and hands everything on, but for what it is told to spoil. */
export class Relay {
  readonly endpoint: string;
  /** The operations that arrived here, in order. */
  readonly arrived: string[] = [];
  readonly #rules: Rule[] = [];
  readonly #gates: Gate[] = [];

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {
    this.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async open(target: string): Promise<Relay> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const relay = new Relay(server, new URL(target));
    server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
      relay.#serve(incoming, outgoing).catch(() => incoming.socket.destroy());
    });
    return relay;
  }

  /**
   * @param times how many calls it happens to
   * @param after how many calls go through before
   */
  spoil(operation: string, mishap: Mishap, times = Number.POSITIVE_INFINITY, after = 0): void {
    this.#rules.push({ operation, mishap, left: times, passed: after });
  }

  /**
   * Holds the answers of an operation back, after the account has done the work.
   * @param most of so many calls, those that come first
   */
  hold(operation: string, most = Number.POSITIVE_INFINITY): Gate {
    const gate = new Gate(operation, most);
    this.#gates.push(gate);
    return gate;
  }

  /** From now on nobody answers at the endpoint, until `comeBack`. */
  async goAway(): Promise<void> {
    if (!this.server.listening) {
      return;
    }
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  async comeBack(): Promise<void> {
    this.server.listen(Number(new URL(this.endpoint).port), '127.0.0.1');
    await once(this.server, 'listening');
  }

  async close(): Promise<void> {
    this.#gates.forEach((gate) => gate.open());
    await this.goAway();
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await readAll(incoming);
    const operation = new URLSearchParams(body).get('Action') ?? '';
    this.arrived.push(operation);
    const mishap = this.#take(operation);
    switch (mishap?.kind) {
      case 'lost':
        incoming.socket.destroy();
        return;
      case 'garbage':
        incoming.socket.end('this is no HTTP\r\n\r\n');
        return;
      case 'answer':
        outgoing.writeHead(mishap.status, { 'content-type': mishap.type }).end(mishap.body);
        return;
      case 'change':
      case undefined: {
        const answer = await this.#forward(incoming, body);
        const text = await readAll(answer);
        await this.#gates.find((gate) => gate.takes(operation))?.pass();
        const changed = mishap ? mishap.change(text) : text;
        const kept = Object.entries(answer.headers).filter(
          ([name]) => !/^(content-length|transfer-encoding)$/.test(name),
        );
        outgoing.writeHead(answer.statusCode ?? 502, Object.fromEntries(kept)).end(changed);
      }
    }
  }

  async #forward(incoming: IncomingMessage, body: string): Promise<IncomingMessage> {
    const { method, url, headers } = incoming;
    // The headers go on as they are, `host` too: they are signed.
    const outgoing = send({ host: this.target.hostname, port: this.target.port, method, path: url, headers });
    outgoing.end(body);
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    return answer;
  }

  #take(operation: string): Mishap | undefined {
    const rule = this.#rules.find((one) => one.operation === operation && one.left > 0);
    if (!rule || rule.passed-- > 0) {
      return undefined;
    }
    rule.left--;
    return rule.mishap;
  }
}

async function readAll(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
