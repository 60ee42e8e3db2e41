/** Backups and restores for the tests: empty databases, folders that are removed, and what a backup holds. */
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, inject, onTestFinished } from 'vitest';
import type { PortableManifest } from '../../src/backup/manifest.ts';
import { type RestoredBackup, restoreBackup } from '../../src/backup/restore.ts';
import { takeBackup } from '../../src/backup/take.ts';
import { silentLog } from '../../src/kernel/log.ts';

/** A folder that the server's system user reaches too; removed after the test. */
export async function folderForTest(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-backup-'));
  await chmod(folder, 0o755);
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The address of a database without any table, as its owner; dropped after the test. */
export async function emptyDatabase(): Promise<string> {
  const name = `empty_${process.pid}_${randomBytes(4).toString('hex')}`;
  const admin = inject('adminUrl');
  await asOwner(admin, `CREATE DATABASE ${name}`);
  onTestFinished(async () => void (await asOwner(admin, `DROP DATABASE ${name} WITH (FORCE)`)));
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return url.href;
}

/** Runs statements over a connection of their own and returns the last one's rows. */
export async function asOwner(url: string, ...statements: readonly string[]): Promise<pg.QueryResultRow[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    let rows: pg.QueryResultRow[] = [];
    for (const statement of statements) ({ rows } = await client.query(statement));
    return rows;
  } finally {
    await client.end();
  }
}

export interface TakenPortable {
  readonly folder: string;
  readonly manifest: PortableManifest;
}

export async function takePortableOf(ownerUrl: string, destination: string): Promise<TakenPortable> {
  const source = { kind: 'portable', ownerUrl } as const;
  const { folder, manifest } = await takeBackup(source, { destination, release: '0.0.0', log: silentLog() });
  if (manifest.kind !== 'portable') throw new Error('A backup of another kind was taken');
  return { folder, manifest };
}

export function restoreInto(folder: string, databaseUrl: string, migrations?: string): Promise<RestoredBackup> {
  return restoreBackup(folder, { target: { databaseUrl }, log: silentLog(), ...(migrations && { migrations }) });
}

/** What must be the same before and after: every table's bytes, every sequence, every partition. */
export function identityOf({ tables, sequences, partitions }: PortableManifest) {
  return {
    tables: tables.map(({ name, columns, rows, contentSha256 }) => ({ name, columns, rows, contentSha256 })),
    sequences,
    partitions,
  };
}

/** A server of a test loses its data in a power cut, and is the faster for it. */
export const FAST = { settings: { fsync: 'off', synchronous_commit: 'off', shared_buffers: '32MB' } };

/** A new folder for a whole test file that the server's system user can reach. */
export async function makeDataDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-backup-'));
  await chmod(folder, 0o755);
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
