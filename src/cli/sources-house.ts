/** The house with what sources need: the way out, the keys, the connectors, and a worker for their syncs. */
import type { WriteSession } from '../database/session.ts';
import { readSession, writeSession } from '../database/session.ts';
import { AppError } from '../kernel/errors.ts';
import type { Services } from '../server/services.ts';
import { type CommandContext, type House, withHouse } from './context.ts';

export interface SourcesCommandHouse extends House {
  readonly services: Services;
  /** Runs one transaction as whoever sits at the command line. */
  readonly write: <T>(work: (session: WriteSession) => Promise<T>) => Promise<T>;
}

/** Opens the house for a command about sources, and closes it whatever happens. */
export function withSources(
  context: CommandContext,
  work: (house: SourcesCommandHouse) => Promise<void>,
): Promise<void> {
  return withHouse(context, async (house) => {
    const { openServices } = await import('../server/services.ts');
    const services = openServices(house);
    try {
      await work({
        ...house,
        services,
        write: (write) => writeSession(house.database.write, context.actor, write),
      });
    } finally {
      await services.close();
    }
  });
}

export interface KnownSource {
  readonly source_id: string;
  readonly name: string;
  readonly source_type: string;
  readonly connection_status: string;
  readonly is_active: boolean;
  readonly is_shared: boolean;
  readonly owner_label: string;
  readonly sync_frequency: string | null;
  readonly last_sync_at: Date | null;
  readonly last_sync_status: string | null;
  readonly items: number;
  readonly failed: number;
  readonly next_run_at: Date | null;
  readonly error: { readonly code: string; readonly message: string; readonly hint: string | null } | null;
}

/** The hub's own sources and those that are shared, by name. */
export function listSources({ database }: House, { actor }: CommandContext): Promise<KnownSource[]> {
  return readSession(database.read, actor, (query) =>
    query<KnownSource & Record<string, unknown>>(
      'sources for the command line',
      `SELECT d.source_id, d.name, d.source_type, d.connection_status, d.is_active, d.is_shared, d.owner_label, d.sync_frequency,
              d.last_sync_at, d.last_sync_status, d.total_items_synced::float8 AS items, d.error,
              (SELECT count(*) FROM sync_items i WHERE i.source_id = d.source_id AND i.sync_status = 'failed')::float8 AS failed,
              (SELECT min(s.next_run_at) FROM scheduled_syncs s WHERE s.source_id = d.source_id AND s.is_active) AS next_run_at
         FROM data_sources d
        ORDER BY lower(d.name), d.source_id`,
    ),
  );
}

/** The one that is meant by its name or id. @throws AppError NOT_FOUND, BAD_USER_INPUT for a name that several have */
export function findSource(known: readonly KnownSource[], word: string): KnownSource {
  const found = known.filter(
    ({ source_id, name }) => source_id === word || name.toLowerCase() === word.trim().toLowerCase(),
  );
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  if (second !== undefined) {
    throw new AppError('BAD_USER_INPUT', `Several sources are called ${word}`, {
      hint: `Name it by its id: ${found.map((each) => each.source_id).join(', ')}.`,
    });
  }
  throw new AppError('NOT_FOUND', `There is no source called ${JSON.stringify(word.slice(0, 100))}`, {
    hint: known.length === 0 ? HOW_TO_ADD : `There are: ${known.map(({ name }) => name).join(', ')}.`,
  });
}

/** What somebody who has no source yet reads. */
export const HOW_TO_ADD =
  'Add one: npm run -s cairn -- sources add folder --name Research --set path=samples (see sources kinds).';
