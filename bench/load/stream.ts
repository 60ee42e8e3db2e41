/** A subscription held open over HTTP. */
import { type ClientRequest, type IncomingMessage, request } from 'node:http';

export interface HeldStream {
  /** Leaves; returns how many events came. */
  readonly leave: () => number;
}

/** Opens it; `failed` hears of a refusal or of an end that nobody asked for. */
export function holdStream(
  url: string,
  headers: Readonly<Record<string, string>>,
  subscription: string,
  failed: (fault: string) => void,
): HeldStream {
  let events = 0;
  let isLeaving = false;
  const fail = (fault: string): void => {
    if (!isLeaving) failed(fault);
  };
  const body = JSON.stringify({ query: subscription });
  const asked: ClientRequest = request(
    new URL('/graphql', url),
    { method: 'POST', agent: false, headers: { ...headers, accept: 'text/event-stream' } },
    (answer: IncomingMessage) => {
      if (answer.statusCode !== 200) fail(`status ${answer.statusCode}`);
      answer.setEncoding('utf8').on('data', (text: string) => {
        events += text.split('event: next').length - 1;
      });
      answer.once('close', () => fail('the stream ended'));
      answer.once('error', (thrown) => fail(String(thrown)));
    },
  );
  asked.once('error', (thrown) => fail(String(thrown)));
  asked.end(body);
  return {
    leave: () => {
      isLeaving = true;
      asked.destroy();
      return events;
    },
  };
}
