/** Files as exports write them, of a database of the test's own. */
import { basename } from 'node:path';
import { loadCatalogue } from '../../src/exports/catalogue.ts';
import { createExporter, exporterSlot } from '../../src/exports/exporter.ts';
import type { FormatName } from '../../src/exports/formats.ts';
import { checkedRequest, type ExportChoices } from '../../src/exports/request.ts';
import { exportToFolder } from '../../src/exports/to-folder.ts';
import { createContext } from '../../src/graphql/context.ts';
import type { Ingest } from '../../src/ingest/run.ts';
import { once } from '../../src/kernel/once.ts';
import { loadSchema } from '../../src/server/schema.ts';
import { TESTER } from './database.ts';

export interface Asked {
  readonly dataset: string;
  readonly format: FormatName;
  readonly choices?: ExportChoices;
}

/** One for all tests: loading it takes as long as writing many files. */
const schema = once(() => loadSchema());

/** Writes the files into the folder, on one snapshot, and returns their names in the order asked for. */
export async function exportFiles(ingest: Ingest, asked: readonly Asked[], folder: string): Promise<string[]> {
  const exporter = createExporter(() => loadCatalogue(ingest), schema);
  const { signal } = new AbortController();
  const { database, log } = ingest;
  const context = createContext({ actor: TESTER, requestId: 'test', log, database, left: signal });
  exporterSlot.set(context, exporter);
  try {
    // What a list is called stands in its declaration.
    await exporter.schema();
    const files = asked.map(({ dataset, format, choices = {} }) => ({
      request: checkedRequest(dataset, format, choices),
    }));
    const written = await exportToFolder(context, exporter, files, folder, { signal });
    return written.map(({ path }) => basename(path));
  } finally {
    await context.reads.end();
  }
}
