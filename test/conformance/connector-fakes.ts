/** Connectors and their fakes, each found by folder and matched by id. */
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import { PROJECT_ROOT } from '../../src/kernel/config.ts';
import { discover, requireDefault } from '../../src/kernel/discover.ts';
import type { Connector } from '../../src/sources/connector.ts';
import { loadConnectors, soundConnector } from '../../src/sources/registry.ts';
import type { ProviderFake, ProviderPlace } from '../support/provider-fake.ts';

const CONNECTORS = join(PROJECT_ROOT, 'src/sources/connectors');
const FAKES = join(PROJECT_ROOT, 'test/support/providers');

export interface Pair {
  readonly id: string;
  readonly connector: Connector;
  readonly fake: ProviderFake;
}

/** Every connector, the example too, and every fake, by id: the suite runs over those that both lists hold. */
export async function loadPairs(): Promise<{ pairs: readonly Pair[]; connectors: string[]; fakes: string[] }> {
  const connectors = [...(await loadConnectors()).connectors.values(), await example(CONNECTORS, soundConnector)];
  // What a fake needs beside its file lies in folders below.
  const files = (await discover(FAKES, '.ts')).filter(({ path }) => dirname(path) === FAKES);
  const found = files.map((file) => requireDefault(file, isFake, 'a ProviderFake'));
  const fakes = [...found, await example(FAKES, (file) => requireDefault(file, isFake, 'a ProviderFake'))];
  const pairs = connectors.flatMap((connector) =>
    fakes.filter((fake) => fake.connector === connector.id).map((fake) => ({ id: connector.id, connector, fake })),
  );
  return { pairs, connectors: connectors.map(({ id }) => id), fakes: fakes.map((fake) => fake.connector) };
}

/** Opens places that are closed after each test. */
export function usePlaces(): (fake: ProviderFake, pageSize?: number) => Promise<ProviderPlace> {
  const open: ProviderPlace[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((place) => place.close()));
  });
  return async (fake, pageSize = 3) => {
    const place = await fake.open({ pageSize });
    open.push(place);
    return place;
  };
}

async function example<T>(
  folder: string,
  check: (found: { path: string; module: Readonly<Record<string, unknown>> }) => T,
): Promise<T> {
  const path = join(folder, '_example.ts');
  if (!(await readdir(folder)).includes('_example.ts')) throw new Error(`${path} is missing`);
  return check({ path, module: await import(path) });
}

function isFake(value: unknown): value is ProviderFake {
  return typeof value === 'object' && value !== null && 'connector' in value && 'open' in value;
}
