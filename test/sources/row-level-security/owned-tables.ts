/** The tables of owned rows as the database's own catalogue has them, and a row for each made from it. */
import { randomUUID } from 'node:crypto';
import type pg from 'pg';

export interface OwnedTable {
  readonly name: string;
  readonly isEnabled: boolean;
  readonly isForced: boolean;
  readonly isShareable: boolean;
  readonly columns: readonly OwnedColumn[];
  /** Foreign keys to other tables: this table's columns and theirs. */
  readonly references: readonly { readonly table: string; readonly own: string[]; readonly other: string[] }[];
}

interface OwnedColumn {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly isUnique: boolean;
  /** The first value of its list, where a CHECK has one. */
  readonly allowed: string | null;
}

const TABLES = `
  SELECT c.relname AS name, c.relrowsecurity AS "isEnabled", c.relforcerowsecurity AS "isForced",
         EXISTS (SELECT FROM pg_attribute s WHERE s.attrelid = c.oid AND s.attname = 'is_shared') AS "isShareable",
         (SELECT json_agg(json_build_object(
                   'name', a.attname, 'type', format_type(a.atttypid, NULL),
                   'isRequired', a.attnotnull AND NOT a.atthasdef,
                   'isUnique', EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND a.attnum = ANY (i.indkey)),
                   'allowed', (SELECT (regexp_match(pg_get_constraintdef(k.oid), '= ANY \\(ARRAY\\[''([^'']+)'''))[1]
                                 FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c' AND k.conkey = ARRAY[a.attnum]))
                 ORDER BY a.attnum)
            FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
         (SELECT coalesce(json_agg(json_build_object('table', f.confrelid::regclass::text,
                   'own', (SELECT json_agg(a.attname ORDER BY n) FROM unnest(f.conkey) WITH ORDINALITY u(num, n) JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = u.num),
                   'other', (SELECT json_agg(a.attname ORDER BY n) FROM unnest(f.confkey) WITH ORDINALITY u(num, n) JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = u.num))), '[]')
            FROM pg_constraint f WHERE f.conrelid = c.oid AND f.contype = 'f') AS references
    FROM pg_class c
   WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
     AND EXISTS (SELECT FROM pg_attribute o WHERE o.attrelid = c.oid AND o.attname = 'owner_id')
   ORDER BY c.relname`;

/** Every table with the column `owner_id`, those that others refer to before them. */
export async function ownedTables(owner: pg.Pool): Promise<OwnedTable[]> {
  const { rows } = await owner.query<OwnedTable>(TABLES);
  const depths = new Map<string, number>();
  const depth = (name: string): number => {
    const known = depths.get(name);
    if (known !== undefined) return known;
    const others = rows.find((table) => table.name === name)?.references ?? [];
    const found = 1 + Math.max(0, ...others.map(({ table }) => depth(table)));
    depths.set(name, found);
    return found;
  };
  return rows.filter(({ name }) => name !== 'change_log').toSorted((a, b) => depth(a.name) - depth(b.name));
}

export type Row = Readonly<Record<string, unknown>>;

/** Of whom, and what the tables before hold for them. */
export interface Owned {
  readonly owner: string;
  readonly isShared: boolean;
  readonly rows: ReadonlyMap<string, Row>;
}

const BY_TYPE: Readonly<Record<string, () => unknown>> = {
  uuid: () => randomUUID(),
  text: () => `a-${randomUUID()}`,
  'text[]': () => [],
  integer: () => 1,
  bigint: () => 1,
  'bigint[]': () => [],
  jsonb: () => ({}),
  boolean: () => false,
  'timestamp with time zone': () => '2030-01-01T00:00:00Z',
};
/** What CHECKs of no list ask for. */
const BY_NAME: Readonly<Record<string, unknown>> = {
  source_type: 'folder',
  frequency: 'manual',
  rules: [],
  steps: [],
  role: 'viewer',
  actor_kind: 'user',
};
/** What CHECKs over several columns ask for. */
const BY_TABLE: Readonly<Record<string, Row>> = {
  scheduled_syncs: { job_kind: 'sync' },
  write_backs: { content: 'rows' },
};

/** A row that its owner may insert, as JSON. */
export function newRow({ columns, references, name }: OwnedTable, { owner, isShared, rows }: Owned): Row {
  const row: Record<string, unknown> = {};
  for (const column of columns) {
    const { name: own, type, isRequired, isUnique, allowed } = column;
    if (own === 'owner_id') row[own] = owner;
    else if (own === 'is_shared') row[own] = isShared;
    else if (isRequired || (isUnique && !['id', 'source_id', 'origin', 'path'].includes(own)))
      row[own] = BY_NAME[own] ?? allowed ?? BY_TYPE[type]?.() ?? null;
  }
  for (const { table, own, other } of references) {
    const target = rows.get(table);
    own.forEach((column, index) => {
      const value = target?.[other[index] ?? ''];
      if (value !== undefined) row[column] = value;
    });
  }
  return { ...row, ...BY_TABLE[name] };
}

/** The statement that inserts a row given as JSON, naming no column that is not in it. */
export const insertSql = (table: string, row: Row): string => {
  const names = Object.keys(row)
    .map((name) => `"${name}"`)
    .join(', ');
  return `INSERT INTO ${table} (${names}) SELECT ${names} FROM jsonb_populate_record(NULL::${table}, $1)`;
};
