/** A subscription over HTTP as a client has it: server-sent events, one GraphQL answer each. */

export interface EventStream<T> {
  readonly status: number;
  /** The next event's root field; undefined when the stream has ended. Fails after ten seconds, or on an error that was not expected. */
  readonly next: () => Promise<T | undefined>;
  /** The next answer as it came. */
  readonly nextAnswer: () => Promise<StreamAnswer | undefined>;
  readonly leave: () => void;
}

export interface StreamAnswer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: Readonly<Record<string, unknown>> }[];
}

const LIMIT_MS = 10_000;

/** Subscribes. A stream that was refused has its errors as first answer. */
export async function openEventStream<T>(
  url: string,
  headers: Readonly<Record<string, string>>,
  query: string,
  variables: object = {},
): Promise<EventStream<T>> {
  const leaving = new AbortController();
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify({ query, variables }),
    signal: leaving.signal,
  });
  const answers = readAnswers(response);
  const nextAnswer = async (): Promise<StreamAnswer | undefined> => {
    const late = AbortSignal.timeout(LIMIT_MS);
    const tooLate = new Promise<never>((_resolve, reject) =>
      late.addEventListener('abort', () => reject(new Error('No event came within ten seconds'))),
    );
    const answer = await Promise.race([answers.next(), tooLate]);
    return answer.done ? undefined : answer.value;
  };
  return {
    status: response.status,
    nextAnswer,
    next: async () => {
      const answer = await nextAnswer();
      if (answer?.errors !== undefined) throw new Error(JSON.stringify(answer.errors));
      return answer === undefined ? undefined : (Object.values(answer.data ?? {})[0] as T);
    },
    leave: () => leaving.abort(),
  };
}

async function* readAnswers(response: Response): AsyncGenerator<StreamAnswer, undefined> {
  if (response.body === null) return undefined;
  let text = '';
  for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
    text += part;
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const data = /^data: (\{.*\})$/m.exec(text.slice(0, end))?.[1];
      text = text.slice(end + 2);
      if (data !== undefined) yield JSON.parse(data);
    }
  }
  return undefined;
}
