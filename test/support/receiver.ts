/** A place that is told things: it remembers what it heard, and answers as it is told to. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

export interface Heard {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Receiver {
  readonly url: string;
  readonly heard: (path: string) => readonly Heard[];
  /** How requests to the path are answered from now on; 204 unless said. */
  readonly answer: (path: string, how: (response: ServerResponse) => void) => void;
}

/** Starts one that is stopped after the last test of the file. */
export async function useReceiver(): Promise<Receiver> {
  const heard: Heard[] = [];
  const answers = new Map<string, (response: ServerResponse) => void>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      heard.push({ path, headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      const how = answers.get(path);
      if (how === undefined) response.writeHead(204).end();
      else how(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard: (path) => heard.filter((one) => one.path === path),
    answer: (path, how) => void answers.set(path, how),
  };
}
