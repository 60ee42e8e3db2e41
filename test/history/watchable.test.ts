/** Every list whose rows' changes are kept can be watched, and no relation of a where is overlooked. */
import { describe, expect, test } from 'vitest';
import { declaredEntities, entityReads } from '../../src/graphql/entities.ts';
import type { EntityReads, RelationReads } from '../../src/graphql/entity.ts';
import { membershipOf } from '../../src/history/membership.ts';
import { loadSchema } from '../../src/server/schema.ts';
import { useTestApi } from '../support/api.ts';
import { useTestDatabase } from '../support/database.ts';
import { openEventStream } from '../support/event-stream.ts';

const schema = await loadSchema();
const fields = Object.keys(schema.getSubscriptionType()?.getFields() ?? {});
const database = await useTestDatabase();
const api = await useTestApi(database);

const watched = declaredEntities().filter(({ plural }) => fields.includes(`${plural}Changed`));

test('those of audited tables, and no others', async () => {
  const { rows } = await database.owner.query<{ table: string }>(
    "SELECT tgrelid::regclass::text AS table FROM pg_trigger WHERE tgname = 'log_update'",
  );
  const audited = rows.map(({ table }) => table);
  const expected = declaredEntities().filter(({ table, listed }) => listed !== false && audited.includes(table));
  expect(expected.length).toBeGreaterThan(7);
  expect(watched.map(({ plural }) => plural).toSorted()).toEqual(expected.map(({ plural }) => plural).toSorted());
});

test.each(watched.map((reads) => [reads.plural, reads.type] as const))('%s', async (plural, type) => {
  const stream = await openEventStream(
    api.url,
    { authorization: `Bearer ${await api.tokenFor('viewer')}` },
    `subscription ($where: ${type}Filter) { ${plural}Changed(where: $where) { kind count changes { kind key node { id } change { id } } } }`,
    { where: {} },
  );
  expect(await stream.next()).toEqual({ kind: 'READY', count: 0, changes: [] });
  stream.leave();
});

const relations = watched.flatMap((reads) =>
  Object.entries(reads.relations).map(([name, relation]) => [`${reads.type}.${name}`, reads, name, relation] as const),
);

describe('a where that asks for', () => {
  test.each(relations)('%s hears of every table on the way', (_name, reads, name, relation) => {
    for (const where of wheresOf(name, relation)) {
      const { related } = membershipOf(reads, where);
      expect([...related]).toContain(entityReads(relation.target).table);
      if (relation.kind === 'through') expect([...related]).toContain(relation.link.table);
    }
  });

  test('a row’s own fields hears of its own table, and of what says who sees it', () => {
    for (const reads of watched) {
      const where = { [reads.key]: { equals: keyValue(reads) }, not: { [reads.key]: { in: [keyValue(reads)] } } };
      expect([...membershipOf(reads, where).related]).toEqual(reads.seenBy ?? []);
    }
  });
});

/** A value that a key of the type may have. */
function keyValue({ key, fields }: EntityReads): unknown {
  const kind = fields[key]?.kind;
  if (kind === 'bigint') return 1n;
  return kind === 'uuid' ? '019a0b1c-2d3e-7f40-8a51-62738495a6b8' : '1';
}

function wheresOf(name: string, relation: RelationReads): object[] {
  const target = entityReads(relation.target);
  const inner = { [target.key]: { equals: keyValue(target) } };
  const direct =
    relation.kind === 'one'
      ? [{ [name]: inner }]
      : ['some', 'none', 'every'].map((how) => ({ [name]: { [how]: inner } }));
  return direct.flatMap((where) => [where, { not: { or: [where] } }]);
}
