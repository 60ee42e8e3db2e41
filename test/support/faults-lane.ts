/** A lane of the faults run on the tests' own server, which nobody may stop. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { importFirst, type Lane, withDatabase } from '../../faults/lane.ts';
import { loadRegistry } from '../../src/ingest/registry.ts';

export async function openTestLane(_folder: string, first: string): Promise<Lane> {
  const admin = inject('adminUrl');
  const { apiUrl, ownerUrl } = inject('template');
  const asAdmin = async (sql: string): Promise<void> => {
    const client = new pg.Client(admin);
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  const registry = await loadRegistry();
  const template = `faults_${process.pid}_${randomBytes(4).toString('hex')}`;
  await asAdmin(`CREATE DATABASE ${template} TEMPLATE cairn_template`);
  await importFirst(registry, withDatabase(apiUrl, template), first);
  let clones = 0;
  const never = (): Promise<never> => Promise.reject(new Error('The server of the tests is not stopped'));
  return {
    registry,
    port: () => Number(new URL(apiUrl).port),
    async clone() {
      clones += 1;
      const name = `${template}_${clones}`;
      await asAdmin(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`);
      return { name, apiUrl: withDatabase(apiUrl, name), ownerUrl: withDatabase(ownerUrl, name) };
    },
    drop: ({ name }) => asAdmin(`DROP DATABASE ${name} WITH (FORCE)`),
    stopNow: never,
    start: never,
    close: () => asAdmin(`DROP DATABASE ${template} WITH (FORCE)`),
  };
}
