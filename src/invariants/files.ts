/** What the rows hold is what the files say, where the files are still there: each is read again by its dataset's declaration. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { identifier } from '../database/copy.ts';
import type { Dataset } from '../ingest/dataset.ts';
import { inspectFile } from '../ingest/inspect.ts';
import { compileMapper } from '../ingest/map.ts';
import { matchFile } from '../ingest/match.ts';
import { fileFacts } from '../ingest/read/source.ts';
import { readerOf, readFile } from '../ingest/read-file.ts';
import { columnRelations, isLinkDataset } from '../ingest/relations.ts';
import { openStages, RECORDS, recordColumns, type Stages } from '../ingest/stages.ts';
import { readTable } from '../ingest/table.ts';
import { recordId, sameKey } from '../ingest/target.ts';
import { faultsOf, type Invariant, type Looking, plural, together } from './invariant.ts';

interface Latest {
  readonly import_id: string;
  readonly dataset: string;
  readonly path: string;
  readonly file_hash: string;
}

export const files: Invariant = {
  name: 'files',
  holds: 'rows hold what their files say',
  advice: 'Import the file again; if the fault stays, report it with the file.',
  async look(looking) {
    const { client } = looking;
    // Of a batch, and of a sheet of a workbook, there is no file of that path.
    const { rows } = await client.query<Latest>(
      `SELECT DISTINCT ON (dataset, path) import_id, dataset, path, file_hash
         FROM imports
        WHERE status = 'imported' AND path NOT LIKE '%#%' AND NOT coalesce(notes ? 'batch', false) AND file_hash IS NOT NULL
        ORDER BY dataset, path, started_at DESC, id DESC`,
    );
    const looks = [];
    let read = 0;
    for (const latest of rows.filter(({ dataset }) => !holdsLinks(looking, dataset))) {
      const found = await compare(looking, latest);
      if (found === undefined) continue;
      read += 1;
      looks.push(found);
    }
    return together(`${plural(read, 'file')} read again, of ${rows.length.toLocaleString('en-US')}`, looks);
  },
};

/** Links are mentions: the references' invariant looks at them. */
function holdsLinks({ registry }: Looking, name: string): boolean {
  const dataset = registry.datasets.get(name);
  return dataset !== undefined && isLinkDataset(dataset);
}

async function compare(looking: Looking, latest: Latest) {
  const { client, registry, roots } = looking;
  const dataset = registry.datasets.get(latest.dataset);
  const place = await find(roots, latest.path);
  if (dataset === undefined || place === undefined) return undefined;
  const matched = matchFile(registry, fileFacts(latest.path, new Date(0)), latest.dataset);
  const file = await inspectFile(place, latest.path).catch(() => undefined);
  if (file?.hash !== latest.file_hash || 'skipped' in matched) return undefined;
  const { pattern } = matched.match;
  const table = await readTable(client, dataset.table);
  const given = recordColumns(dataset).filter((column) => column !== dataset.rest);
  const mapper = compileMapper(dataset, new Set(given.filter((column) => table.columns.get(column)?.default != null)));
  await client.query('SAVEPOINT staged');
  const refused = new Set<number>();
  const stages = await openStages(client, dataset, mapper, table, async ({ ordinal }) => void refused.add(ordinal));
  const encoding = readerOf(pattern, file.facts).isText ? file.encoding() : 'utf-8';
  await readFile({ dataset, pattern, file, encoding, mapper, stages, rejects: NO_REJECTS, progress: NO_PROGRESS });
  await client.query(`DELETE FROM ${RECORDS} WHERE ordinal = ANY ($1::integer[])`, [[...refused]]);
  const look = together('', [
    await differing(looking, dataset, latest),
    await missing(client, dataset, latest),
    ...(await differingParts(client, dataset, stages, latest)),
  ]);
  await client.query('ROLLBACK TO SAVEPOINT staged');
  return look;
}

const NO_REJECTS = { add: async () => undefined, flush: async () => undefined, count: () => 0, first: [] };
const NO_PROGRESS = { bytes: () => undefined, records: () => undefined, stop: async () => undefined };

async function find(roots: readonly string[], path: string): Promise<string | undefined> {
  for (const root of roots) {
    const place = join(root, path);
    const isThere = await access(place).then(
      () => true,
      () => false,
    );
    if (isThere) return place;
  }
  return undefined;
}

/** The first record of each key, joined with the row, where this path alone speaks of it. */
function spoken(dataset: Dataset): string {
  const key = dataset.key.map((column) => `s.${identifier(column)}`).join(', ');
  return `(SELECT DISTINCT ON (${key}) s.* FROM ${RECORDS} s ORDER BY ${key}, s.ordinal) s
     JOIN ${identifier(dataset.table)} t ON ${sameKey(dataset.key, 't', 's')}
     JOIN imports i ON i.import_id = t.origin_import_id AND i.dataset = $1 AND i.path = $2
    WHERE NOT EXISTS (SELECT FROM origins o WHERE o.table_name = '${dataset.table}' AND o.record_id = ${recordId(dataset.key, 's')})
      AND s.line <> ALL (SELECT r.line FROM rejects r WHERE r.import_id = $3)`;
}

function differing({ client, registry }: Looking, dataset: Dataset, { dataset: name, path, import_id }: Latest) {
  // Foreign keys also come from elsewhere: the references' invariant looks at them.
  const foreign = columnRelations(registry.relations, dataset.table).map(({ column }) => column);
  const columns = recordColumns(dataset).filter((column) => !dataset.key.includes(column) && !foreign.includes(column));
  const wrong = columns.map((column) => {
    const [staged, held] = [`s.${identifier(column)}`, `t.${identifier(column)}`];
    const differs =
      column === dataset.rest ? `(${held} || ${staged}) <> ${held}` : `${held} IS DISTINCT FROM ${staged}`;
    return `CASE WHEN ${staged} IS NOT NULL AND NOT coalesce(t.edited_values ? '${column}', false) AND ${differs} THEN '${column}' END`;
  });
  return faultsOf(
    client,
    `SELECT format('%s:%s: the row %s holds another %s', $2::text, line, key, columns) AS fault
       FROM (SELECT s.line, ${recordId(dataset.key, 's')} AS key, nullif(concat_ws(', ', ${wrong.join(', ')}), '') AS columns
               FROM ${spoken(dataset)}) compared
      WHERE columns IS NOT NULL`,
    [name, path, import_id],
  );
}

function missing(client: pg.ClientBase, dataset: Dataset, { path, import_id }: Latest) {
  return faultsOf(
    client,
    `SELECT format('%s:%s: there is no row %s, and no reject says why', $1::text, s.line, ${recordId(dataset.key, 's')}) AS fault
       FROM ${RECORDS} s
      WHERE NOT EXISTS (SELECT FROM ${identifier(dataset.table)} t WHERE ${sameKey(dataset.key, 't', 's')})
        AND NOT EXISTS (SELECT FROM tombstones b WHERE b.table_name = '${dataset.table}' AND b.record_id = ${recordId(dataset.key, 's')})
        AND NOT EXISTS (SELECT FROM rejects r WHERE r.import_id = $2 AND r.line = s.line)`,
    [path, import_id],
  );
}

async function differingParts(client: pg.ClientBase, dataset: Dataset, stages: Stages, latest: Latest) {
  const looks = [];
  for (const part of dataset.parts ?? []) {
    const stage = stages.parts.get(part.table);
    if (stage === undefined) continue;
    const same = [...part.key, ...part.columns]
      .map((column) => `w.${identifier(column)} IS NOT DISTINCT FROM p.${identifier(column)}`)
      .join(' AND ');
    looks.push(
      await faultsOf(
        client,
        `SELECT format('%s:%s: %s has no row like %s', $2::text, p.line, '${part.table}', ${recordId(part.key, 'p')}) AS fault
           FROM ${identifier(stage.name)} p
          WHERE p.ordinal IN (SELECT s.ordinal FROM ${spoken(dataset)})
            AND NOT EXISTS (SELECT FROM ${identifier(part.table)} w WHERE ${same})`,
        [latest.dataset, latest.path, latest.import_id],
      ),
    );
  }
  return looks;
}
