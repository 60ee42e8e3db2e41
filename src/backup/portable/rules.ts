/** Tables without their triggers, foreign keys and indexes while rows are loaded: what was logged and touched once is not again. */
import type pg from 'pg';
import { identifier } from '../../database/copy.ts';

interface Rule {
  readonly drop: string;
  readonly make: string;
}

/** Made again by its definition, which also proves that every row keeps it. */
const FOREIGN_KEYS = `
  SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS drop,
         format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS make
    FROM pg_constraint
   WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conparentid = 0
   ORDER BY conrelid::regclass::text COLLATE "C", conname COLLATE "C"`;

/** Those of constraints stay: the key finds a row that is there twice. A partition's follow their table's. */
const INDEXES = `
  SELECT format('DROP INDEX %s', i.indexrelid::regclass) AS drop,
         replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') AS make
    FROM pg_index i
    JOIN pg_class t ON t.oid = i.indrelid
    JOIN pg_class c ON c.oid = i.indexrelid
   WHERE t.relnamespace = 'public'::regnamespace AND t.relname = ANY($1) AND NOT c.relispartition
     AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype <> 'f')
   ORDER BY i.indexrelid::regclass::text COLLATE "C"`;

/** Policies bind the tables' owner as well, and COPY takes no rows in where they do. */
const FORCED = `
  SELECT format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', oid::regclass) AS drop,
         format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', oid::regclass) AS make
    FROM pg_class
   WHERE relnamespace = 'public'::regnamespace AND relname = ANY($1) AND relforcerowsecurity
   ORDER BY relname COLLATE "C"`;

/**
 * Empties `tables`, runs `work` while they have no rules, and gives them back. Call it in a transaction: one that fails leaves
 * everything as it was. Only the tables' owner is needed; switching triggers off for a session takes a superuser.
 */
export async function withoutRules(
  owner: pg.Client,
  tables: readonly string[],
  work: () => Promise<void>,
): Promise<void> {
  if (tables.length === 0) return work();
  const names = tables.map(identifier);
  for (const name of names) await owner.query(`ALTER TABLE ${name} DISABLE TRIGGER USER`);
  const { rows: keys } = await owner.query<Rule>(FOREIGN_KEYS);
  for (const { drop } of keys) await owner.query(drop);
  const { rows: indexes } = await owner.query<Rule>(INDEXES, [tables]);
  for (const { drop } of indexes) await owner.query(drop);
  const { rows: forced } = await owner.query<Rule>(FORCED, [tables]);
  for (const { drop } of forced) await owner.query(drop);
  await owner.query(`TRUNCATE ${names.join(', ')}`);
  await work();
  for (const { make } of [...indexes, ...keys, ...forced]) await owner.query(make);
  for (const name of names) await owner.query(`ALTER TABLE ${name} ENABLE TRIGGER USER`);
}
