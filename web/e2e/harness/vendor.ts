// Somebody else's service over HTTP, played by this machine: what vendors' simulators in these tests are made of.
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';

/** A request as a simulator reads it. */
export interface Asked {
  readonly method: string;
  /** Path and query, under the simulator's own address. */
  readonly url: URL;
  readonly authorization: string;
  readonly body: string;
}

/** An answer: JSON, unless it is a page or sends the browser on. */
export type Answer = { status?: number; json: unknown } | { page: string } | { goTo: string } | { status: 204 };

export interface Vendor {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves it on a free port of this machine. */
export async function startVendor(answers: (asked: Asked) => Answer): Promise<Vendor> {
  let url = '';
  const server = createServer((request, response) => {
    void read(request, url).then((asked) => {
      const answer = answers(asked);
      if ('goTo' in answer) response.writeHead(303, { location: answer.goTo }).end();
      else if ('page' in answer) response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(answer.page);
      else if ('json' in answer) response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer.json));
      else response.writeHead(answer.status).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  url = `http://127.0.0.1:${address.port}`;
  return {
    url,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function read(request: IncomingMessage, url: string): Promise<Asked> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return {
    method: request.method ?? 'GET',
    url: new URL(request.url ?? '/', url),
    authorization: request.headers.authorization ?? '',
    body: Buffer.concat(pieces).toString('utf8'),
  };
}
