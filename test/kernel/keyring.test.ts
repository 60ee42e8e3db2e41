import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openKeyring } from '../../src/kernel/keyring.ts';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'cairn-keys-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

const key = (id: string) => ({ id, key: Buffer.alloc(32, id) });
const place = { table: 'source_secrets', row: '7', column: 'sealed', owner: 'user:1' };

test('what was sealed opens in its place alone', async () => {
  const ring = openKeyring([key('k1')], '/nowhere');
  const sealed = await ring.seal('rosebud', place);
  expect(sealed).toMatch(/^v1\.k1\.[\w-]+\.[\w-]+\.[\w-]{22}$/);
  expect(sealed).not.toContain('rosebud');
  expect(await ring.open(sealed, place)).toBe('rosebud');
  expect(await ring.seal('rosebud', place)).not.toBe(sealed);
  for (const [part, value] of Object.entries({ table: 'others', row: '8', column: 'other', owner: 'user:2' }))
    await expect(ring.open(sealed, { ...place, [part]: value }), part).rejects.toMatchObject({
      code: 'SECRET_UNREADABLE',
    });
});

test('what was altered, cut or written by nobody does not open', async () => {
  const ring = openKeyring([key('k1')], '/nowhere');
  const sealed = await ring.seal('rosebud', place);
  const parts = sealed.split('.');
  const altered = (at: number, by: string): string => parts.with(at, by).join('.');
  for (const wrong of [
    '',
    'rosebud',
    altered(0, 'v2'),
    altered(2, 'AAAAAAAAAAAAAAAA'),
    altered(3, 'AAAAAAAAAA'),
    altered(4, 'AAAAAAAAAAAAAAAAAAAAAA'),
    altered(4, (parts[4] ?? '').slice(0, 6)),
    parts.slice(0, 4).join('.'),
  ])
    await expect(ring.open(wrong, place), wrong).rejects.toMatchObject({ code: 'SECRET_UNREADABLE' });
});

test('the first key seals, and every key opens', async () => {
  const old = await openKeyring([key('k1')], '/nowhere').seal('rosebud', place);
  const ring = openKeyring([key('k2'), key('k1')], '/nowhere');
  expect(await ring.open(old, place)).toBe('rosebud');
  expect(await ring.seal('rosebud', place)).toMatch(/^v1\.k2\./);
  expect(await ring.writes()).toBe('k2');
  await ring.requireKnown(['k1', 'k2']);
  await expect(ring.requireKnown(['k1', 'k9'])).rejects.toThrow('not here: k9');
  await expect(openKeyring([key('k2')], '/nowhere').open(old, place)).rejects.toThrow(
    'the key "k1", which is not here',
  );
});

test('without a setting the data folder has a key of its own, for its user’s eyes, made once', async () => {
  const path = await folder();
  const rings = Array.from({ length: 4 }, () => openKeyring([], path));
  await openKeyring([], path).requireKnown([]);
  await expect(stat(join(path, 'sealing-keys'))).rejects.toThrow('ENOENT');
  const sealed = await Promise.all(rings.map((ring) => ring.seal('rosebud', place)));
  for (const [at, ring] of rings.entries()) expect(await ring.open(sealed[3 - at] ?? '', place)).toBe('rosebud');
  expect((await stat(join(path, 'sealing-keys'))).mode & 0o777).toBe(0o600);
  expect(await openKeyring([], path).open(sealed[0] ?? '', place)).toBe('rosebud');
});

test('a key file that holds no keys is not written over', async () => {
  const path = await folder();
  await writeFile(join(path, 'sealing-keys'), 'garbage');
  await expect(openKeyring([], path).seal('a', place)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  expect(await readFile(join(path, 'sealing-keys'), 'utf8')).toBe('garbage');
});
