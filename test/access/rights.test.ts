import { type GraphQLField, type GraphQLObjectType, isObjectType } from 'graphql';
import { describe, expect, test } from 'vitest';
import { declaredEntities } from '../../src/graphql/entities.ts';
import { rightToSee } from '../../src/graphql/visible.ts';
import { type Actor, ROLES, type Role } from '../../src/kernel/actor.ts';
import { AppError } from '../../src/kernel/errors.ts';
import { isJsonObject } from '../../src/kernel/json.ts';
import { loadSchema } from '../../src/server/schema.ts';

const schema = await loadSchema();

type Field = GraphQLField<unknown, unknown>;

interface Needs {
  readonly role: Role;
  readonly scope?: string;
}

const fieldsOf = (type: GraphQLObjectType | null | undefined): [string, Field][] =>
  isObjectType(type) ? Object.entries(type.getFields()) : [];

/** What the field's declaration says. */
function needsOf({ extensions }: Field): Needs | undefined {
  const options = extensions['pothosOptions'];
  const needs: unknown = typeof options === 'object' && options !== null ? Reflect.get(options, 'needs') : undefined;
  if (!isJsonObject(needs)) return undefined;
  const role = ROLES.find((known) => known === needs['role']);
  if (role === undefined) throw new Error('A field needs a role that is none');
  return typeof needs['scope'] === 'string' ? { role, scope: needs['scope'] } : { role };
}

/**
 * Whether the field refuses the actor before it does anything. Without arguments and a database whoever gets past the
 * right fails otherwise, or not at all.
 */
async function isRefused(field: Field, actor: Actor): Promise<boolean> {
  const call = field.subscribe ?? field.resolve;
  try {
    await Reflect.apply(call ?? (() => undefined), undefined, [{}, {}, { actor }, {}]);
    return false;
  } catch (thrown) {
    return thrown instanceof AppError && thrown.code === 'FORBIDDEN';
  }
}

const SCOPES = [...new Set(declaredEntities().map(({ scope }) => scope))];
const actors = ROLES.flatMap((role): Actor[] =>
  [undefined, ...SCOPES.map((scope) => [scope]), []].map((scopes) => ({
    kind: 'token',
    label: `token:${role}`,
    role,
    scopes,
  })),
);
const nameOf = ({ role, scopes }: Actor): string => `${role} of ${scopes?.join() ?? 'all'}`;

const guarded = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
  fieldsOf(type).flatMap(([name, field]) => {
    const needs = needsOf(field);
    return needs === undefined ? [] : [{ name, field, needs }];
  }),
);

test('every mutation says what right it needs', () => {
  const silent = fieldsOf(schema.getMutationType()).filter(([, field]) => needsOf(field) === undefined);
  expect(silent.map(([name]) => name)).toEqual([]);
});

/** What answers everybody, and why it may: each looks at the rights of whoever asks for every row. */
const OPEN = {
  me: 'who asks',
  node: 'by the id’s type',
  nodes: 'by the ids’ types',
  search: 'over the types of the actor’s scopes',
  changes: 'of tables of the actor’s scopes',
  dataset: 'of the actor’s scopes',
  datasets: 'of the actor’s scopes',
  import: 'into datasets of the actor’s scopes',
  imports: 'into datasets of the actor’s scopes',
  importsAggregate: 'into datasets of the actor’s scopes',
  importProgress: 'into datasets of the actor’s scopes',
  reject: 'of datasets of the actor’s scopes',
  rejects: 'of datasets of the actor’s scopes',
  rejectsAggregate: 'of datasets of the actor’s scopes',
  sessions: 'the actor’s own',
  job: 'the actor’s own, or an admin’s to see',
  jobs: 'the actor’s own, or an admin’s to see',
  jobProgress: 'of the actor’s own job, or an admin’s to see',
  export: 'the actor’s own, or an admin’s to see',
  exports: 'the actor’s own, or an admin’s to see',
};

test('every query and subscription says what right it needs, but for those that look at each row', () => {
  const fields = [...fieldsOf(schema.getQueryType()), ...fieldsOf(schema.getSubscriptionType())];
  const silent = fields.filter(([, field]) => needsOf(field) === undefined).map(([name]) => name);
  expect(silent.filter((name) => !Object.hasOwn(OPEN, name))).toEqual([]);
});

test('the schema tells every right', () => {
  for (const { field, needs } of guarded) expect(field.description).toContain(`Needs the role ${needs.role}`);
});

test('every type is of a context, or looks at each row', () => {
  for (const reads of declaredEntities()) {
    const { scope } = rightToSee(reads);
    expect([reads.type, scope !== undefined || reads.limit !== undefined]).toEqual([reads.type, true]);
  }
});

describe('each field refuses who lacks its right and lets in who has it', () => {
  test.each(guarded)('$name', async ({ field, needs: { role, scope } }) => {
    for (const actor of actors) {
      const has =
        ROLES.indexOf(actor.role) >= ROLES.indexOf(role) &&
        (scope === undefined || actor.scopes === undefined || actor.scopes.includes(scope));
      expect([nameOf(actor), await isRefused(field, actor)]).toEqual([nameOf(actor), !has]);
    }
  });
});
