import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Answer } from './exchange';
import type { SignedRequest } from './signature';

/** A certificate and its key, PEM. */
export interface PracticeTls {
  readonly key: string;
  readonly cert: string;
}

export interface ListenOptions {
  /** Left out or 0: a free port. */
  readonly port?: number;
  /** Left out: no TLS. */
  readonly tls?: PracticeTls;
  /**
   * What the endpoint calls this computer; what is listened on is 127.0.0.1 alone.
   * Left out: `127.0.0.1`, and with TLS `localhost`, which certificates are made for.
   */
  readonly hostname?: string;
}

export interface Listener {
  readonly endpoint: string;
  stop(): Promise<void>;
}

const MOST_BYTES = 1024 * 1024;

/** Listens on loopback and answers what comes. Resolves when it does; rejects when the port is taken. */
export async function listen(
  options: ListenOptions,
  answer: (request: SignedRequest) => Promise<Answer>,
): Promise<Listener> {
  const respond = (request: IncomingMessage, response: ServerResponse): void => {
    serve(answer, request, response).catch(() => request.socket.destroy());
  };
  const { tls } = options;
  const server: Server = tls ? createTlsServer({ key: tls.key, cert: tls.cert }, respond) : createServer(respond);
  const port = await open(server, options.port ?? 0);
  const hostname = options.hostname ?? (tls ? 'localhost' : '127.0.0.1');
  return { endpoint: `${tls ? 'https' : 'http'}://${hostname}:${port}`, stop: () => close(server) };
}

async function serve(
  answer: (request: SignedRequest) => Promise<Answer>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const signed = await read(request);
  if (signed === undefined) {
    response.writeHead(413).end();
    return;
  }
  const { status, headers, body, dropped } = await answer(signed);
  if (dropped) {
    request.socket.destroy();
    return;
  }
  response.writeHead(status, { ...headers }).end(body);
}

async function read(request: IncomingMessage): Promise<SignedRequest | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MOST_BYTES) {
      return undefined;
    }
    chunks.push(chunk);
  }
  const headers = Object.entries(request.headers).map(([name, value]) => [name, [value ?? ''].flat().join(',')]);
  return {
    method: request.method ?? '',
    url: request.url ?? '/',
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: Buffer.concat(chunks),
  };
}

function open(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
