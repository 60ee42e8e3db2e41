/** The house with what exports need: the declared types, whose inputs say what `where` may be. */
import { loadCatalogue } from '../exports/catalogue.ts';
import { createExporter, type Exporter, exporterSlot } from '../exports/exporter.ts';
import { createContext, type GraphqlContext } from '../graphql/context.ts';
import { uuidv7 } from '../kernel/uuid.ts';
import { type CommandContext, withHouse } from './context.ts';

export interface ExportHouse {
  readonly context: GraphqlContext;
  readonly exporter: Exporter;
}

/** Opens the house for an export command, and closes it whatever happens. */
export function withExports(context: CommandContext, work: (house: ExportHouse) => Promise<void>): Promise<void> {
  return withHouse(context, async ({ database, log, ingest }) => {
    const exporter = createExporter(
      () => loadCatalogue(ingest),
      // Most exports ask for all rows: those need no schema, and not the memory of one.
      async () => (await import('../server/schema.ts')).loadSchema(),
    );
    const { actor, interruption } = context;
    const asker = createContext({ actor, requestId: uuidv7(), log, database, left: interruption.signal });
    exporterSlot.set(asker, exporter);
    try {
      await work({ context: asker, exporter });
    } finally {
      await asker.reads.end();
    }
  });
}
