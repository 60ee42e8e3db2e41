/** What surrounds an operation: its snapshot, and what a client sees of what went wrong. */
import { Writable } from 'node:stream';
import { GraphQLError } from 'graphql';
import { beforeAll, expect, test } from 'vitest';
import { contextSlot, createContext, fillLater } from '../../src/graphql/context.ts';
import { clientError } from '../../src/graphql/errors.ts';
import { AppError } from '../../src/kernel/errors.ts';
import { createLog, silentLog } from '../../src/kernel/log.ts';
import { requireRight } from '../../src/kernel/rights.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { codesOf, dataAt, graphqlOver } from '../support/graphql.ts';
import { seedResearches } from '../support/research.ts';

const database = await useTestDatabase();
const parts = { actor: TESTER, requestId: 'r-1', log: silentLog(), database };

beforeAll(() => seedResearches(database.owner, 2));

const count = async (context: ReturnType<typeof createContext>): Promise<number> => {
  const [row] = await context.reads.query<{ n: bigint }>('count', 'SELECT count(*) AS n FROM tombstones');
  return Number(row?.n);
};

test('reads of one operation see one state of the database; after a refresh they see what was written since', async () => {
  const context = createContext(parts);
  const before = await count(context);
  await database.owner.query(
    `INSERT INTO tombstones (table_name, record_id, deleted_by) VALUES ('x', gen_random_uuid()::text, 'x')`,
  );
  expect(await count(context)).toBe(before);
  await context.reads.refresh();
  expect(await count(context)).toBe(before + 1);
  await context.reads.refresh();
});

test('the actor is known to the database', async () => {
  const context = createContext(parts);
  const rows = await context.reads.query('actor', `SELECT current_setting('cairn.actor') AS actor`);
  expect(rows).toEqual([{ actor: TESTER.label }]);
  await context.reads.refresh();
});

test('a slot gives what it was filled with, and says its name when it was not', () => {
  const slot = contextSlot<string>('pipeline');
  const context = createContext(parts);
  expect(() => slot.get(context)).toThrow('The context has no pipeline');
  slot.set(context, 'here');
  expect(slot.get({ ...context })).toBe('here');
});

test('slots are filled once, when the first of them is asked for, and what was set since stays', () => {
  const [slot, other] = [contextSlot<string>('pipeline'), contextSlot<string>('address')];
  const context = createContext(parts);
  let fills = 0;
  fillLater(context, (filled) => {
    fills += 1;
    slot.set(filled, 'filled');
    other.set(filled, filled.requestId);
  });
  expect(fills).toBe(0);
  expect([slot.get({ ...context }), other.get(context)]).toEqual(['filled', 'r-1']);
  slot.set(context, 'set');
  expect([slot.get(context), fills]).toEqual(['set', 1]);
  const early = createContext(parts);
  fillLater(early, (filled) => slot.set(filled, 'filled'));
  slot.set(early, 'set');
  expect(slot.get(early)).toBe('set');
});

test.each([
  [
    'a user’s mistake',
    new AppError('NOT_FOUND', 'No such thing', { hint: 'Look elsewhere.', path: 'id' }),
    'No such thing',
  ],
  ['a file’s fault', new AppError('FILE_MISSING', 'There is no such file'), 'There is no such file'],
  ['a bug', new Error('password=hunter2'), 'Unexpected error.'],
  ['a lost database', new AppError('DATABASE_UNREACHABLE', 'at 10.0.0.1'), 'Unexpected error.'],
  ['a thrown text', 'password=hunter2', 'Unexpected error.'],
  [
    'a wrapped bug',
    new GraphQLError('password=hunter2', { originalError: new Error('password=hunter2') }),
    'Unexpected error.',
  ],
  ['a complaint of graphql', new GraphQLError('Syntax Error'), 'Syntax Error'],
])('of %s the client reads what it may', (_what, thrown, message) => {
  const error = clientError(thrown, 'r-1', silentLog());
  expect(error.message).toBe(message);
  expect(error.extensions['requestId']).toBe('r-1');
  expect(JSON.stringify(error)).not.toContain('hunter2');
});

test('codes are those of the closed list; our own stands beside as the reason', () => {
  const code = (thrown: unknown) => clientError(thrown, 'r-1', silentLog()).extensions;
  expect(code(new AppError('FILE_MISSING', 'x'))).toMatchObject({ code: 'NOT_FOUND', reason: 'FILE_MISSING' });
  expect(code(new AppError('PATH_NOT_ALLOWED', 'x'))).toMatchObject({ code: 'FORBIDDEN', reason: 'PATH_NOT_ALLOWED' });
  expect(code(new AppError('FILE_MALFORMED', 'x'))).toMatchObject({ code: 'BAD_USER_INPUT', reason: 'FILE_MALFORMED' });
  expect(code(new AppError('NOT_FOUND', 'x', { hint: 'h', path: 'id' }))).toEqual({
    code: 'NOT_FOUND',
    requestId: 'r-1',
    hint: 'h',
    argument: 'id',
  });
  expect(code(new Error('x'))).toEqual({ code: 'INTERNAL', requestId: 'r-1' });
});

test('what the client may not read is in the log under the id it was given', () => {
  let lines = '';
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines += chunk.toString();
      done();
    },
  });
  clientError(new Error('the reason'), 'r-42', createLog({ level: 'error', stream }));
  expect(lines).toContain('r-42');
  expect(lines).toContain('the reason');
});

test('a fault in the middle of an answer is masked, with its place, and the rest is answered', async () => {
  await database.owner.query(`ALTER TABLE reports RENAME TO reports_away`);
  try {
    const answer = await graphqlOver(database, { log: silentLog() })(
      '{ a: dashboardStats { researchesLast7Days } reports { nodes { title } } }',
    );
    expect(codesOf(answer)).toEqual(['INTERNAL']);
    expect(answer.errors?.[0]).toMatchObject({ message: 'Unexpected error.', path: ['reports', 'nodes'] });
    expect(JSON.stringify(answer)).not.toContain('relation');
  } finally {
    await database.owner.query(`ALTER TABLE reports_away RENAME TO reports`);
  }
});

test('NUL and halves of surrogate pairs are refused in literals and in variables', async () => {
  const ask = graphqlOver(database);
  const find = 'query F($id: String!) { research(researchId: $id) { title } }';
  expect(codesOf(await ask(find, { id: 'a\0' }))).toEqual(['BAD_USER_INPUT']);
  expect(codesOf(await ask(find, { id: '\udc00' }))).toEqual(['BAD_USER_INPUT']);
  expect(codesOf(await ask('{ research(researchId: "a\\u0000") { title } }'))).toEqual(['BAD_USER_INPUT']);
  expect(dataAt(await ask(find, { id: 'a' }), 'research')).toBeNull();
});

test('a role includes the lesser ones and no greater', () => {
  const as = (role: 'viewer' | 'editor' | 'admin') => createContext({ ...parts, actor: { ...TESTER, role } });
  expect(() => requireRight(as('viewer'), { role: 'editor' })).toThrow('needs the role editor');
  expect(() => requireRight(as('editor'), { role: 'editor' })).not.toThrow();
  expect(() => requireRight(as('admin'), { role: 'editor' })).not.toThrow();
});
