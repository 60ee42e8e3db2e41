/** Prisma's schema engine as WebAssembly, over our own driver: no binary to download, the same `_prisma_migrations` table. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQuery,
  type SqlResultSet,
} from '@prisma/driver-adapter-utils';
import * as engine from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';
import { crashPoint } from '../kernel/crash-point.ts';
import { finishingItself } from './interrupted-migrations.ts';
import { PATIENCE, runPatiently, type Waiting } from './patient-script.ts';
import { ANY_TRANSACTION } from './time-limits.ts';
import { ENDS_WATCHED, giveUpUnread, KEPT_ALIVE } from './watched-ends.ts';

/** A global of Node that its type declarations leave to the browser's library. */
declare const WebAssembly: {
  instantiate(
    bytes: Uint8Array,
    imports: object,
  ): Promise<{ readonly instance: { readonly exports: Readonly<Record<string, unknown>> } }>;
};

/** What Prisma's engine calls `"char"`, a one-byte type of the system catalogue that its driver does not know. */
const CHAR_OID = 18;
const TEXT_OID = 25;

export interface SchemaFile {
  readonly path: string;
  readonly content: string;
}

/**
 * Opens the engine on a database, hands it to `work` and frees it. `files` is the Prisma schema, where the work needs it;
 * `waiting` says how long a script waits for others.
 */
export async function withSchemaEngine<T>(
  ownerUrl: string,
  files: readonly SchemaFile[],
  work: (opened: engine.SchemaEngine) => Promise<T>,
  waiting: Waiting = SILENT,
): Promise<T> {
  await instantiate();
  const datamodels = files.map(({ path, content }): [string, string] => [path, content]);
  // One connection: the engine takes a session's advisory lock and expects the next statement in the same session.
  // A migration sees everybody's rows: to a tables' owner who is no superuser, policies would hide them all.
  const pool = new pg.Pool({
    connectionString: ownerUrl,
    max: 1,
    options: `${ENDS_WATCHED} ${ANY_TRANSACTION} -c cairn.owner=*`,
    onConnect: giveUpUnread,
    ...KEPT_ALIVE,
  });
  const factory = new WholeScripts(pool, waiting);
  try {
    const opened = await engine.SchemaEngine.new(
      { datamodels: datamodels.length === 0 ? undefined : datamodels },
      // Its own log repeats what its errors say.
      () => undefined,
      bindMigrationAwareSqlAdapterFactory(factory),
    );
    try {
      return await work(opened);
    } finally {
      opened.free();
    }
  } finally {
    await pool.end();
  }
}

let instantiated: Promise<void> | undefined;

function instantiate(): Promise<void> {
  instantiated ??= load();
  return instantiated;
}

/** The package's entry imports its .wasm file as a module, which Node reports as experimental; this is what that would do. */
async function load(): Promise<void> {
  // The engine calls this when it panics, and dies on its absence instead of telling why.
  Object.assign(globalThis, {
    PRISMA_WASM_PANIC_REGISTRY: {
      set_message: (message: string) => {
        throw new Error(`The schema engine panicked: ${message}`);
      },
    },
  });
  const script = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const bytes = await readFile(join(dirname(script), 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, {
    './schema_engine_bg.js': { ...engine, ...idleTimers() },
  });
  engine.__wbg_set_wasm(instance.exports);
  const start = instance.exports['__wbindgen_start'];
  if (typeof start === 'function') start();
}

/**
 * The engine's own `setTimeout`, its timers unreferenced: it leaves one of ten seconds behind after taking its lock, and
 * every command would end that much later.
 */
function idleTimers(): Record<string, (callback: () => void, milliseconds: number) => NodeJS.Timeout> {
  const names = Object.keys(engine).filter((name) => name.startsWith('__wbg_setTimeout'));
  const start = (callback: () => void, milliseconds: number): NodeJS.Timeout =>
    setTimeout(callback, milliseconds >>> 0).unref();
  return Object.fromEntries(names.map((name) => [name, start]));
}

const SILENT: Waiting = { patience: PATIENCE, blocked: () => undefined, gaveUp: () => undefined };

class WholeScripts extends PrismaPg implements SqlMigrationAwareDriverAdapterFactory {
  readonly #waiting: Waiting;

  constructor(pool: pg.Pool, waiting: Waiting) {
    super(pool);
    this.#waiting = waiting;
  }

  override async connect(): ReturnType<PrismaPg['connect']> {
    const adapter = await super.connect();
    const waiting = this.#waiting;
    return Object.defineProperties(adapter, {
      executeScript: { value: (script: string) => executeWhole(adapter.underlyingDriver(), script, waiting) },
      queryRaw: { value: (query: SqlQuery) => queryWithChars(adapter, query) },
    });
  }
}

/**
 * The adapter's own method splits at every `;` and so cuts functions in two. Sent as one message the script is one
 * transaction: a migration that fails leaves nothing behind, and one that is committed says so.
 */
async function executeWhole(pool: pg.Pool, script: string, waiting: Waiting): Promise<void> {
  crashPoint('migrate.script');
  await runPatiently(pool, finishingItself(script), waiting);
  crashPoint('migrate.scripted');
}

type PerformIo = (query: SqlQuery) => Promise<pg.QueryArrayResult>;

/** The adapter's own query, with columns of type "char" passed as text and reported as characters. */
async function queryWithChars(adapter: SqlDriverAdapter, query: SqlQuery): Promise<SqlResultSet> {
  const chars = new Set<number>();
  const performIo: PerformIo = Reflect.get(adapter, 'performIO');
  const patched: PerformIo = async (sent) => {
    const result = await performIo.call(adapter, sent);
    result.fields.forEach((field, index) => {
      if (field.dataTypeID !== CHAR_OID) return;
      chars.add(index);
      field.dataTypeID = TEXT_OID;
    });
    return result;
  };
  const prototype: SqlDriverAdapter = Object.getPrototypeOf(adapter);
  const shim = Object.create(adapter, { performIO: { value: patched } });
  const rows = await prototype.queryRaw.call(shim, query);
  const columnTypes = rows.columnTypes.map((type, index) => (chars.has(index) ? ColumnTypeEnum.Character : type));
  return { ...rows, columnTypes };
}
