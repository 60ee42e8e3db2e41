/** Exports without a server: a context that asks, over queries of the test's own. */

import { type Catalogue, loadCatalogue } from '../../src/exports/catalogue.ts';
import { createExporter, type Exporter, exporterSlot } from '../../src/exports/exporter.ts';
import { createContext, type GraphqlContext } from '../../src/graphql/context.ts';
import type { ExportQuery } from '../../src/graphql/export-source.ts';
import { loadRegistry } from '../../src/ingest/registry.ts';
import type { Actor } from '../../src/kernel/actor.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { loadSchema } from '../../src/server/schema.ts';
import type { TestDatabase } from './database.ts';
import { TESTER } from './database.ts';

export interface Exporting {
  readonly exporter: Exporter;
  readonly contextFor: (actor?: Actor, left?: AbortSignal) => GraphqlContext;
}

export async function useExporting(database: TestDatabase, queries: readonly ExportQuery[] = []): Promise<Exporting> {
  const schema = await loadSchema();
  const own = await loadCatalogue(await loadRegistry());
  const catalogue: Catalogue = {
    ...own,
    queries: new Map([...own.queries, ...queries.map((query) => [query.name, query] as const)]),
  };
  const exporter = createExporter(
    async () => catalogue,
    async () => schema,
  );
  const contextFor = (actor: Actor = TESTER, left?: AbortSignal): GraphqlContext => {
    const context = createContext({ actor, requestId: 'test', log: silentLog(), database, ...(left && { left }) });
    exporterSlot.set(context, exporter);
    return context;
  };
  return { exporter, contextFor };
}
