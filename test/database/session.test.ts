import { PrismaPg } from '@prisma/adapter-pg';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { PrismaClient } from '../../src/database/generated/client.ts';
import { readOnce } from '../../src/database/read-once.ts';
import { readSession, writeSession } from '../../src/database/session.ts';
import { AppError } from '../../src/kernel/errors.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { recordQueries } from '../support/queries.ts';

const database = await useTestDatabase();

const ADD = 'INSERT INTO employees (employee_id, name) VALUES ($1, $2)';
const COUNT = 'SELECT count(*) AS count FROM employees';

interface Count {
  readonly count: bigint;
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );
}

describe('a read session', () => {
  test('sees one snapshot, whatever is committed meanwhile', async () => {
    await readSession(database.read, TESTER, async (query) => {
      const before = await query<Count>('count', COUNT);
      await writeSession(database.write, TESTER, ({ query: write }) => write('add', ADD, ['SNAP', 'Snapshot']));
      expect(await query<Count>('count', COUNT)).toEqual(before);
    });
  });

  test('cannot write', async () => {
    await expect(readSession(database.read, TESTER, (query) => query('add', ADD, ['RO', 'Read-only']))).rejects.toThrow(
      /read-only/,
    );
  });

  test('sets the actor before the first statement runs', async () => {
    const rows = await readSession(database.read, TESTER, (query) =>
      query<{ actor: string }>('actor', "SELECT current_setting('cairn.actor') AS actor"),
    );
    expect(rows).toEqual([{ actor: 'command:test' }]);
  });

  test('leaves no actor behind on its connection', async () => {
    await readSession(database.read, TESTER, (query) => query('count', COUNT));
    const { rows } = await database.read.query("SELECT current_setting('cairn.actor', true) AS actor");
    expect(rows).toEqual([{ actor: '' }]);
  });

  test('sends nothing when nothing is asked', async () => {
    const recording = recordQueries(database.read);
    expect(await readSession(database.read, TESTER, async () => 7)).toBe(7);
    expect(recording.all()).toEqual([]);
    recording.stop();
  });

  test('answers statements asked for at once, the same one twice among them', async () => {
    const rows = await readSession(database.read, TESTER, (query) =>
      Promise.all([1, 2, 3].map((value) => query<{ value: number }>('echo', 'SELECT $1::int AS value', [value]))),
    );
    expect(rows.flat()).toEqual([{ value: 1 }, { value: 2 }, { value: 3 }]);
  });

  test('goes on working on the same connection after a failed statement', async () => {
    for (let round = 0; round < 3; round += 1) {
      await expect(
        readSession(database.read, TESTER, (query) => query('nonsense', 'SELECT nonsense')),
      ).rejects.toThrow();
      const rows = await readSession(database.read, TESTER, (query) => query('fine', 'SELECT 1 AS one'));
      expect(rows).toEqual([{ one: 1 }]);
    }
    expect(database.read.totalCount - database.read.idleCount).toBe(0);
  });

  test('gives its connection back when the reader throws', async () => {
    const failing = readSession(database.read, TESTER, async (query) => {
      await query('count', COUNT);
      throw new Error('reader');
    });
    await expect(failing).rejects.toThrow('reader');
    expect(database.read.totalCount - database.read.idleCount).toBe(0);
  });
});

describe('a write session', () => {
  test('writes its actor and its import into the change log', async () => {
    const importId = '0199aaaa-0000-7000-8000-000000000001';
    await writeSession(database.write, TESTER, ({ query }) => query('add', ADD, ['LOG', 'Logged']), { importId });
    const { rows } = await database.owner.query(
      "SELECT changed_by, import_id FROM change_log WHERE table_name = 'employees' AND record_id = 'LOG'",
    );
    expect(rows).toEqual([{ changed_by: 'command:test', import_id: importId }]);
  });

  test('is rolled back whole when it throws', async () => {
    const failing = writeSession(database.write, TESTER, async ({ query }) => {
      await query('add', ADD, ['GONE', 'Gone']);
      throw new Error('writer');
    });
    await expect(failing).rejects.toThrow('writer');
    const { rows } = await database.owner.query("SELECT 1 FROM employees WHERE employee_id = 'GONE'");
    expect(rows).toEqual([]);
  });

  test('reports a key that exists as a conflict', async () => {
    await writeSession(database.write, TESTER, ({ query }) => query('add', ADD, ['DUP', 'Once']));
    const again = writeSession(database.write, TESTER, ({ query }) => query('add', ADD, ['DUP', 'Twice']));
    expect(await codeOf(again)).toBe('CONFLICT');
  });

  test('reports a deadlock as something to try again', async () => {
    await writeSession(database.write, TESTER, ({ query }) => query('add two', `${ADD}, ('D2', 'b')`, ['D1', 'a']));
    const lock = 'SELECT 1 FROM employees WHERE employee_id = $1 FOR UPDATE';
    let arrived = 0;
    let meet: () => void = () => undefined;
    const met = new Promise<void>((resolve) => {
      meet = resolve;
    });
    const cross = (first: string, second: string) =>
      writeSession(database.write, TESTER, async ({ query }) => {
        await query('lock', lock, [first]);
        arrived += 1;
        if (arrived === 2) meet();
        await met;
        await query('lock', lock, [second]);
      });
    const codes = await Promise.all([codeOf(cross('D1', 'D2')), codeOf(cross('D2', 'D1'))]);
    expect(codes.sort()).toEqual(['DATABASE_BUSY', 'none']);
  });

  test('reports a connection that the server ended as unreachable, and the pool recovers', async () => {
    const killed = writeSession(database.write, TESTER, async ({ query }) => {
      const [backend] = await query<{ pid: number }>('pid', 'SELECT pg_backend_pid() AS pid');
      await database.owner.query('SELECT pg_terminate_backend($1)', [backend?.pid]);
      await query('count', COUNT);
    });
    expect(await codeOf(killed)).toBe('DATABASE_UNREACHABLE');
    expect(await codeOf(writeSession(database.write, TESTER, ({ query }) => query('count', COUNT)))).toBe('none');
  });
});

test('rows read by SQL hold the same values as rows read by Prisma', async () => {
  const prisma = new PrismaClient({ adapter: new PrismaPg(database.write) });
  const byPrisma = await prisma.research.create({
    data: { research_id: 'R1', title: 'Types', status: 'planning', department: 'DEV', metadata: { a: [1] } },
  });
  await prisma.$disconnect();
  const rows = await readSession(database.read, TESTER, (query) =>
    query('research', 'SELECT * FROM researches WHERE research_id = $1', ['R1']),
  );
  expect(rows[0]).toMatchObject({ ...byPrisma });
});

test('numbers keep every digit, and days and instants do not move with the machine’s time zone', async () => {
  vi.stubEnv('TZ', 'America/New_York');
  onTestFinished(() => void vi.unstubAllEnvs());
  const sql = `SELECT 9007199254740993 AS big, 0.1000000000000000055511151231257827::numeric AS exact,
                      DATE '2025-02-28' AS day, TIMESTAMP '2025-02-28 10:00' AS zoneless, TIMESTAMPTZ '2025-02-28 10:00Z' AS instant`;
  const [row] = await readSession(database.read, TESTER, (query) => query('values', sql));
  expect(row).toMatchObject({
    big: 9007199254740993n,
    day: new Date('2025-02-28T00:00:00Z'),
    zoneless: new Date('2025-02-28T10:00:00Z'),
    instant: new Date('2025-02-28T10:00:00Z'),
  });
  expect(String(row?.['exact'])).toBe('0.1000000000000000055511151231257827');
});

test('a write that is interrupted is cancelled where it is, and nothing of it is kept', async () => {
  const leaving = new AbortController();
  const interruption = { signal: leaving.signal, through: database.write };
  const insert = "INSERT INTO employees (employee_id, name) VALUES ('interrupted', 'X')";
  const began = performance.now();
  const writing = writeSession(
    database.write,
    TESTER,
    async ({ query }) => {
      await query('insert', insert);
      setTimeout(() => leaving.abort(), 50);
      await query('long', 'SELECT pg_sleep(30)');
    },
    { interruption },
  );
  await expect(writing).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect(performance.now() - began).toBeLessThan(10_000);
  const between = writeSession(database.write, TESTER, async ({ query }) => void (await query('insert', insert)), {
    interruption,
  });
  await expect(between).rejects.toMatchObject({ code: 'INTERRUPTED' });
  const { rowCount } = await database.owner.query("SELECT FROM employees WHERE employee_id = 'interrupted'");
  expect(rowCount).toBe(0);
});

test('what is cancelled at any moment of a read costs no connection, and never hits the read after it', async () => {
  const ids = async () => {
    const reads = Array.from({ length: 4 }, () =>
      readSession(database.read, TESTER, (query) => query('pid', 'SELECT pg_backend_pid() AS id, pg_sleep(0.02)')),
    );
    return new Set((await Promise.all(reads)).map(([row]) => row?.['id']));
  };
  const before = await ids();
  for (let round = 0; round < 60; round += 1) {
    const leaving = new AbortController();
    const interruption = { signal: leaving.signal, through: database.write };
    const sleeping = 'SELECT pg_sleep(0.004)';
    const cancelled =
      round % 2 === 0
        ? readSession(database.read, TESTER, (query) => query('sleep', sleeping), interruption)
        : readOnce(database.read, TESTER, { label: 'sleep', text: sleeping, values: [] }, interruption);
    setTimeout(() => leaving.abort(), round % 10);
    await cancelled.catch((thrown: unknown) => expect(thrown).toMatchObject({ code: 'INTERRUPTED' }));
    const [row] = await readSession(database.read, TESTER, (query) => query('next', 'SELECT 1 AS one'));
    expect(row).toEqual({ one: 1 });
  }
  const after = await ids();
  expect([...after].filter((id) => before.has(id)).length).toBeGreaterThan(1);
});
