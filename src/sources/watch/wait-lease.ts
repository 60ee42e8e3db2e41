/** One process waits for a source, however many there are: providers answer a second one with limits. */
import { type Query, writeSession } from '../../database/session.ts';
import { HOUSEKEEPER } from '../../kernel/actor.ts';
import type { SourcesHouse } from '../sources-house.ts';

/** Seconds after which a process that says nothing of itself is taken for dead. */
const LEASE_S = 30;
const RENEW_MS = 8_000;

export interface WaitLease {
  /** Where the source was read to when the lease was taken. */
  readonly cursor: string;
  readonly release: () => Promise<void>;
}

/** Takes the lease of a source, or nothing where another process has it; calls `lost` if it is lost later. */
export async function takeLease(
  { database, log }: Pick<SourcesHouse, 'database' | 'log'>,
  sourceId: string,
  lost: () => void,
): Promise<WaitLease | undefined> {
  const write = <T>(work: (query: Query) => Promise<T>): Promise<T> =>
    writeSession(database.write, HOUSEKEEPER, ({ query }) => work(query));
  const [taken] = await write((query) =>
    query<{ held: string; cursor: string }>(
      'wait lease',
      `UPDATE source_states
          SET waited_at = now()
        WHERE source_id = $1 AND cursor IS NOT NULL
          AND (waited_at IS NULL OR waited_at < now() - interval '${LEASE_S} seconds')
       RETURNING waited_at::text AS held, cursor`,
      [sourceId],
    ),
  );
  if (taken === undefined) return undefined;
  let { held } = taken;
  const renew = async (): Promise<void> => {
    const [kept] = await write((query) =>
      query<{ held: string }>(
        'wait lease renew',
        `UPDATE source_states SET waited_at = now() WHERE source_id = $1 AND waited_at = $2::timestamptz
         RETURNING waited_at::text AS held`,
        [sourceId, held],
      ),
    );
    if (kept === undefined) lost();
    else held = kept.held;
  };
  const renewing = setInterval(() => {
    renew().catch((err: unknown) => log.warn({ err, sourceId }, 'the wait for a source could not be renewed'));
  }, RENEW_MS);
  return {
    cursor: taken.cursor,
    release: async () => {
      clearInterval(renewing);
      await write((query) =>
        query(
          'wait lease end',
          'UPDATE source_states SET waited_at = NULL WHERE source_id = $1 AND waited_at = $2::timestamptz',
          [sourceId, held],
        ),
      );
    },
  };
}
