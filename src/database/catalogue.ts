/**
 * What the database really holds, as text that reads like a schema and is the same on every machine: what Prisma's diff does
 * not see (CHECKs, triggers, functions, policies, grants, partial indexes) is proved by comparing it with the committed one.
 */
import type pg from 'pg';

/** Tables and views of ours; a partitioned table stands for its partitions, whose names tell the month of the start. */
const RELATIONS = `
  SELECT c.oid::int AS oid, c.relname AS name,
         CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' ELSE 'table' END
           || CASE WHEN c.relpersistence = 'u' THEN ' (unlogged)' ELSE '' END
           || CASE WHEN c.relrowsecurity THEN ' (row-level security' || CASE WHEN c.relforcerowsecurity THEN ', forced)' ELSE ')' END ELSE '' END
           || coalesce(' partition by ' || pg_get_partkeydef(c.oid), '') AS kind,
         CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid, true) END AS definition
  FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace
    AND c.relkind IN ('r', 'p', 'v', 'm')
    AND NOT c.relispartition
    AND c.relname <> '_prisma_migrations'
  ORDER BY c.relname COLLATE "C"`;

/** Every query gives lines of one kind for a relation's oid, in a stable order. */
const PARTS: readonly { readonly title: string; readonly sql: string }[] = [
  {
    title: 'columns',
    sql: `
      SELECT concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'NOT NULL' END,
               CASE WHEN a.attidentity <> '' THEN 'IDENTITY' END,
               CASE WHEN a.attgenerated <> '' THEN 'GENERATED AS ' ELSE 'DEFAULT ' END || pg_get_expr(d.adbin, d.adrelid)) AS line
      FROM pg_attribute a
      LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped
      ORDER BY a.attnum`,
  },
  {
    title: 'constraints',
    sql: `
      SELECT conname || ' ' || pg_get_constraintdef(oid) AS line
      FROM pg_constraint
      WHERE conrelid = $1 AND contype <> 'n'
      ORDER BY conname COLLATE "C"`,
  },
  {
    title: 'indexes',
    sql: `
      SELECT replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ') || CASE WHEN indisvalid THEN '' ELSE ' INVALID' END AS line
      FROM pg_index
      WHERE indrelid = $1
      ORDER BY indexrelid::regclass::text COLLATE "C"`,
  },
  {
    title: 'triggers',
    sql: `
      SELECT pg_get_triggerdef(oid) || CASE tgenabled WHEN 'O' THEN '' ELSE ' (enabled: ' || tgenabled::text || ')' END AS line
      FROM pg_trigger
      WHERE tgrelid = $1 AND NOT tgisinternal
      ORDER BY tgname COLLATE "C"`,
  },
  {
    title: 'policies',
    sql: `
      SELECT concat_ws(' ', polname, polcmd, CASE WHEN polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
               'USING ' || pg_get_expr(polqual, polrelid), 'WITH CHECK ' || pg_get_expr(polwithcheck, polrelid)) AS line
      FROM pg_policy
      WHERE polrelid = $1
      ORDER BY polname COLLATE "C"`,
  },
  {
    title: 'grants',
    sql: `
      SELECT CASE acl.grantee WHEN 0 THEN 'PUBLIC' ELSE acl.grantee::regrole::text END
               || ' ' || string_agg(acl.privilege_type, ', ' ORDER BY acl.privilege_type COLLATE "C") AS line
      FROM pg_class c, aclexplode(c.relacl) acl
      WHERE c.oid = $1 AND acl.grantee <> c.relowner
      GROUP BY acl.grantee
      ORDER BY 1`,
  },
];

const FUNCTIONS = `
  SELECT pg_get_functiondef(p.oid) AS definition,
         (SELECT string_agg(CASE acl.grantee WHEN 0 THEN 'PUBLIC' ELSE acl.grantee::regrole::text END, ', '
                            ORDER BY acl.grantee)
          FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) acl
          WHERE acl.grantee <> p.proowner) AS executed_by
  FROM pg_proc p
  WHERE p.pronamespace = 'public'::regnamespace
    AND p.prokind IN ('f', 'p')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
  ORDER BY p.proname COLLATE "C", pg_get_function_identity_arguments(p.oid) COLLATE "C"`;

const EXTENSIONS = `
  SELECT extname AS name
  FROM pg_extension
  WHERE extname <> 'plpgsql'
  ORDER BY extname COLLATE "C"`;

/** The dump. Read it as the owner, of a database that holds nothing but the migrations. */
export async function readCatalogue(owner: pg.ClientBase): Promise<string> {
  // Without the schema in the path every name below is spelt out; with it, none is: the same on every server.
  await owner.query("SET search_path = 'public'");
  const sections: string[] = [];
  const extensions = await owner.query<{ name: string }>(EXTENSIONS);
  for (const { name } of extensions.rows) sections.push(`extension ${name}`);
  const relations = await owner.query<{ oid: number; name: string; kind: string; definition: string | null }>(
    RELATIONS,
  );
  for (const { oid, name, kind, definition } of relations.rows) {
    const body = definition === null ? '' : `\n${definition}`;
    sections.push(`${kind.replace(/^(\w+)/, `$1 ${name}`)}${body}${await readParts(owner, oid)}`);
  }
  const functions = await owner.query<{ definition: string; executed_by: string | null }>(FUNCTIONS);
  for (const { definition, executed_by } of functions.rows) {
    sections.push(`${definition.trim()}\n-- executed by: ${executed_by ?? 'its owner alone'}`);
  }
  return `${sections.join('\n\n')}\n`;
}

async function readParts(owner: pg.ClientBase, oid: number): Promise<string> {
  let text = '';
  for (const { title, sql } of PARTS) {
    const { rows } = await owner.query<{ line: string }>(sql, [oid]);
    if (rows.length > 0) text += `\n  ${title}${rows.map(({ line }) => `\n    ${line}`).join('')}`;
  }
  return text;
}
