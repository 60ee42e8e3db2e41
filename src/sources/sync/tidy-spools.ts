/** Folders of the spool whose source is gone. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Query } from '../../database/session.ts';
import { isUuid } from '../../graphql/values.ts';

/** Removes them; returns how many there were. `query` sees everybody's sources. */
export async function tidySpools(query: Query, spool: string): Promise<number> {
  const names = (await readdir(spool).catch(() => [])).filter(isUuid);
  if (names.length === 0) return 0;
  const gone = await query<{ name: string }>(
    'spools without a source',
    `SELECT n.name
       FROM unnest($1::text[]) AS n(name)
      WHERE NOT EXISTS (SELECT FROM data_sources WHERE source_id = n.name::uuid)
      ORDER BY n.name`,
    [names],
  );
  for (const { name } of gone) await rm(join(spool, name), { recursive: true, force: true });
  return gone.length;
}
