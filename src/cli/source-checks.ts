/** What `cairn doctor` looks at of sources: whether they can be reached, are synced, and have their schedules kept. */
import { readSession } from '../database/session.ts';
import { START_WORKER } from '../jobs/unworked.ts';
import { HOUSEKEEPER } from '../kernel/actor.ts';
import type { House } from './context.ts';
import type { Finding } from './health-checks.ts';
import { count, plural } from './table.ts';

interface Figures {
  readonly sources: number;
  readonly lost: readonly string[] | null;
  readonly faulty: readonly string[] | null;
  readonly waiting: readonly string[] | null;
  readonly failed: number;
  readonly overdue: number;
}

/** Minutes: a worker looks every few seconds. */
const OVERDUE_MINUTES = 10;

/** Asked of all owners; names of private sources are not told. */
export async function checkSources({ database }: Pick<House, 'database'>): Promise<Finding[]> {
  const [found] = await readSession(database.read, HOUSEKEEPER, (query) =>
    query<Figures & Record<string, unknown>>(
      'doctor sources',
      `WITH named AS (
         SELECT CASE WHEN is_shared OR owner_id = 'hub' THEN name ELSE 'a private one' END AS name, connection_status, last_sync_status
           FROM data_sources
          WHERE is_active)
       SELECT count(*)::float8 AS sources,
              array_agg(name ORDER BY name) FILTER (WHERE connection_status = 'needs_reauth') AS lost,
              array_agg(name ORDER BY name) FILTER (WHERE connection_status = 'error') AS faulty,
              array_agg(name ORDER BY name) FILTER (WHERE last_sync_status = 'waiting') AS waiting,
              (SELECT count(*) FROM sync_items WHERE sync_status = 'failed')::float8 AS failed,
              (SELECT count(*) FROM scheduled_syncs
                WHERE is_active AND next_run_at < now() - interval '${OVERDUE_MINUTES} minutes')::float8 AS overdue
         FROM named`,
    ),
  );
  return found === undefined ? [] : findings(found);
}

function findings({ sources, lost, faulty, waiting, failed, overdue }: Figures): Finding[] {
  const told: Finding[] = [];
  const warn = (check: string, found: string, advice: string): void =>
    void told.push({ check, state: 'warn', found, advice });
  if (lost !== null)
    warn(
      'source sign-ins',
      `${lost.join(', ')}: signed out`,
      'Connect them again: the mutation startConnection says where.',
    );
  if (faulty !== null)
    warn('sources', `${faulty.join(', ')}: cannot be reached`, 'See why: npm run -s cairn -- sources test NAME');
  if (waiting !== null)
    warn(
      'source deletes',
      `${waiting.join(', ')}: deletes wait for a yes`,
      'Look, then: npm run -s cairn -- sync NAME --approve-deletes',
    );
  if (failed > 0)
    warn(
      'items of sources',
      `${count(failed)} could not be read; they are tried again`,
      'See why: npm run -s cairn -- sources list',
    );
  if (overdue > 0)
    warn('schedules', `${plural(overdue, 'schedule')} overdue by more than ${OVERDUE_MINUTES} minutes`, START_WORKER);
  if (told.length === 0)
    told.push({
      check: 'sources',
      state: 'ok',
      found: sources === 0 ? 'none yet' : `${plural(sources, 'source')}, all reached`,
    });
  return told;
}
