/** Connectors are found by folder, and a wrong declaration stops the start with its file's path. */
import { join } from 'node:path';
import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { type Connector, defineConnector } from '../../src/sources/connector.ts';
import { connectorFaults } from '../../src/sources/connector-faults.ts';
import example from '../../src/sources/connectors/_example.ts';
import { connectorOf, connectorRegistryOf, loadConnectors } from '../../src/sources/registry.ts';
import { readSettings } from '../../src/sources/settings.ts';
import { makeFolder } from '../support/folder.ts';

async function load(files: Readonly<Record<string, string>>): Promise<unknown> {
  return loadConnectors(await makeFolder(files)).then(
    ({ connectors }) => [...connectors.keys()],
    (thrown: unknown) => String(thrown),
  );
}

const file = (id: string, more = ''): string => `export default {
  id: '${id}', title: 'T', description: 'D', settings: { '~kind': 'Object', type: 'object', properties: {}, additionalProperties: false },
  capabilities: { notify: 'none', write: false }, check() {}, listChanges() {}, download() {}, ${more}
};`;

test('a file that declares no connector, an id used twice, and a wrong name stop the start with their files', async () => {
  expect(await load({ 'b.ts': file('b'), 'a.ts': file('a'), '_example.ts': 'export default 1;' })).toEqual(['a', 'b']);
  expect(await load({ 'a.ts': 'export const a = 1;' })).toMatch(/a\.ts must export a connector/);
  expect(await load({ 'a.ts': 'import "./nowhere.ts";' })).toMatch(/a\.ts cannot be loaded/);
  expect(await load({ 'a.ts': file('a'), 'x/a.ts': file('a') })).toMatch(
    /"a" is declared in .*a\.ts and in .*x\/a\.ts/,
  );
  expect(await load({ 'b.ts': file('a') })).toMatch(/b\.ts declares the connector "a": its file is a\.ts/);
  expect(await load({ 'a.ts': file('a', 'upload() {}') })).toMatch(/a\.ts: upload goes with the capability to write/);
});

test('the connectors of the hub are sound, and the example is none of them', async () => {
  const { connectors } = await loadConnectors();
  expect([...connectors.keys()]).not.toContain(example.id);
  expect(connectorFaults(example)).toEqual([]);
});

test('capabilities without their methods, and settings that no form can be made of, are named', () => {
  const faultsOf = (changes: Partial<Connector>): string[] => connectorFaults({ ...example, ...changes } as Connector);
  const { capabilities } = example;
  expect(faultsOf({ id: 'Ex Ample' })[0]).toMatch(/kebab-case/);
  expect(faultsOf({ oauth: 'google' })).toEqual(['oauth and scopes go together']);
  expect(faultsOf({ capabilities: { ...capabilities, notify: 'wait' } })).toEqual(['waitForChanges is missing']);
  expect(faultsOf({ capabilities: { ...capabilities, notify: 'webhook' } })).toEqual(['webhooks are missing']);
  expect(faultsOf({ capabilities: { ...capabilities, write: { conditional: 'none' } } })).toHaveLength(2);
  expect(faultsOf({ settings: Type.Object({}) })[0]).toMatch(/additionalProperties/);
  const bare = Type.Object({ a: Type.Optional(Type.String()), token: Type.String() }, { additionalProperties: false });
  expect(faultsOf({ settings: bare })).toEqual([
    'the setting a needs a title and a description',
    'the optional setting a needs a default',
    'the setting token needs a title and a description',
    'token is a setting and a key',
  ]);
});

test('settings are filled with their defaults, and every fault of them is named at once', () => {
  const connector = defineConnector({ ...example });
  expect(readSettings(connector, { address: 'https://notes.example.com' })).toEqual({
    address: 'https://notes.example.com',
    folder: '',
  });
  const given = { address: 'nowhere', folder: 7, secret: 'x' };
  const fails = (value: unknown): unknown => {
    try {
      return readSettings(connector, value);
    } catch (thrown) {
      return thrown;
    }
  };
  expect(fails(given)).toMatchObject({ code: 'BAD_USER_INPUT' });
  expect(
    Object(fails(given))
      .faults.map((fault: { path: string }) => fault.path)
      .toSorted(),
  ).toEqual(['config.address', 'config.folder', 'config.secret']);
  expect(given).toEqual({ address: 'nowhere', folder: 7, secret: 'x' });
  expect(fails({})).toMatchObject({ path: 'config.address' });
  expect(fails([])).toMatchObject({ code: 'BAD_USER_INPUT' });
});

test('a connector that is not there is answered with those that are', () => {
  const registry = connectorRegistryOf([example]);
  expect(connectorOf(registry, 'example')).toBe(example);
  expect(() => connectorOf(registry, join('..', 'example'))).toThrow(
    expect.objectContaining({ hint: 'One of: example.' }),
  );
});
