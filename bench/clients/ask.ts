/** One request over a kept connection, and its whole answer. */
import { type Agent, request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly bytes: number;
  readonly body: readonly Buffer[];
}

export interface Asked {
  readonly agent: Agent;
  readonly url: URL;
  /** POST unless given. */
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Breaks the request off. */
  readonly signal?: AbortSignal;
}

/** Rejects when the connection ends before the answer is whole. */
export function ask({ agent, url, method = 'POST', headers, body, signal }: Asked): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const length = method === 'GET' ? {} : { 'content-length': String(body.length) };
  const asked = request(
    url,
    { method, agent, headers: { ...headers, ...length }, ...(signal && { signal }) },
    (answer) => {
      let bytes = 0;
      const pieces: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        pieces.push(chunk);
      });
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, bytes, body: pieces }));
      answer.once('error', reject);
    },
  );
  asked.once('error', reject);
  asked.end(body);
  return promise;
}
