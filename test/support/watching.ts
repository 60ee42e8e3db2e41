/** What clients of `…Changed` subscriptions do. */
import { onTestFinished } from 'vitest';
import { ADMIN_TOKEN, type TestApi } from './api.ts';
import { type EventStream, openEventStream } from './event-stream.ts';

export interface ListEvent {
  readonly kind: 'READY' | 'CHANGED' | 'RESET';
  readonly count: number;
  readonly changes: readonly {
    readonly kind: 'ADDED' | 'UPDATED' | 'REMOVED';
    readonly key: string;
    readonly node?: Readonly<Record<string, unknown>> | null;
    readonly change?: Readonly<Record<string, unknown>> | null;
  }[];
}

export type ListStream = EventStream<ListEvent>;

/** A subscription to `field` that is left when the test ends; `selection` is what is asked of each row's event. */
export async function watch(
  api: Pick<TestApi, 'url'>,
  field: string,
  filter: string,
  where: object,
  selection = 'kind key',
  token = ADMIN_TOKEN,
): Promise<ListStream> {
  const stream = await openEventStream<ListEvent>(
    api.url,
    { authorization: `Bearer ${token}` },
    `subscription ($where: ${filter}) { ${field}(where: $where) { kind count changes { ${selection} } } }`,
    { where },
  );
  onTestFinished(stream.leave);
  return stream;
}

/** The next event's rows as `KIND key`; fails on READY and RESET. */
export async function nextRows(stream: ListStream): Promise<string[]> {
  const event = await stream.next();
  if (event?.kind !== 'CHANGED') throw new Error(`Expected CHANGED, got ${JSON.stringify(event)}`);
  return event.changes.map(({ kind, key }) => `${kind} ${key}`);
}
