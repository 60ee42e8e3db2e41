/** A file of researches in a Dropbox on the loopback, its source, and a write-back of what is edited of it. */
import { writeSession } from '../../src/database/session.ts';
import { editRows } from '../../src/history/edit.ts';
import type { Ingest } from '../../src/ingest/run.ts';
import { saidOf } from '../../src/ingest/words-of-files.ts';
import { TESTER, type TestDatabase } from './database.ts';
import type { DropboxPlace } from './dropbox/server.ts';
import { writingBack } from './writing-back.ts';

export const PATH = 'queues/RESEARCHES_Master_List.csv';
export const CSV = [
  '\ufeffRSR_ID;Title;Department;Status;"Our own";created_date',
  'RSR-001;"One; first";VID;planning;"keep ""me""";2026-01-02',
  '',
  'RSR-002;Two;AI;active; spaced ;2026-01-03',
  'RSR-003;Три;HR;planning;;2026-01-04',
].join('\r\n');

const RESEARCHES = { table: 'researches', keyColumn: 'research_id', rest: 'metadata' };

export async function editedFile(
  database: TestDatabase,
  ingest: Ingest,
  place: DropboxPlace,
  content: string | Buffer = CSV,
) {
  await database.owner.query(
    'DELETE FROM data_sources; DELETE FROM researches; DELETE FROM origins; DELETE FROM tombstones; DELETE FROM imports; DELETE FROM jobs',
  );
  const writing = await writingBack(database, ingest, place, 'team');
  await place.put(PATH, content);
  await writing.sync(writing.sourceId);
  const key = await writing.add({ content: 'rows', dataset: 'researches', table: 'researches', path: null });
  const bytes = (path = PATH) => place.world.find(`/${path}`)?.content;
  const edit = (research: string, values: Record<string, string | null>) =>
    writeSession(database.write, TESTER, ({ query }) =>
      editRows(query, RESEARCHES, { keys: [research], values }, saidOf(RESEARCHES, 't.research_id')),
    );
  return { place, ...writing, key, bytes, edit };
}
