/**
 * Secrets at rest: AES-256-GCM, bound to their place, so that one copied to another row does not open there. Written
 * `v1.<key>.<iv>.<ciphertext>.<tag>`, the last three base64url. The first key seals, all of them open; a key that is taken out
 * of use is listed until everything was sealed anew.
 */
import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from './errors.ts';
import { readKeyList, type SealingKey } from './source-settings.ts';

/** Where a secret is kept: another row's or column's does not open here. */
export interface SealedPlace {
  readonly table: string;
  readonly row: string;
  readonly column: string;
  readonly owner: string;
}

export interface Keyring {
  /** The name of the key that seals. Makes the data folder's key if there is none yet. */
  readonly writes: () => Promise<string>;
  readonly seal: (secret: string, place: SealedPlace) => Promise<string>;
  /** @throws AppError SECRET_UNREADABLE when its key is unknown, it was changed, or it belongs elsewhere */
  readonly open: (sealed: string, place: SealedPlace) => Promise<string>;
  /** @throws AppError CONFIG_INVALID naming those that are not known */
  readonly requireKnown: (keyIds: readonly string[]) => Promise<void>;
}

const VERSION = 'v1';
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;

/** `keys` are the setting's; with none, the data folder's own file is used, and made when first something is sealed. */
export function openKeyring(keys: readonly SealingKey[], dataDir: string): Keyring {
  let loaded: Promise<readonly SealingKey[]> | undefined;
  const all = (): Promise<readonly SealingKey[]> => {
    loaded ??= keys.length > 0 ? Promise.resolve(keys) : keysOfFolder(dataDir);
    // Whatever was wrong with the file may be mended.
    loaded.catch(() => {
      loaded = undefined;
    });
    return loaded;
  };
  const first = async (): Promise<SealingKey> => {
    const [key] = await all();
    if (key === undefined) throw new AppError('CONFIG_INVALID', 'There is no key to seal secrets with');
    return key;
  };
  return {
    writes: async () => (await first()).id,
    seal: async (secret, place) => seal(await first(), secret, place),
    open: async (sealed, place) => unseal(await all(), sealed, place),
    requireKnown: async (keyIds) => {
      if (keyIds.length === 0) return;
      const known = new Set((await all()).map(({ id }) => id));
      const missing = keyIds.filter((id) => !known.has(id));
      if (missing.length === 0) return;
      throw new AppError('CONFIG_INVALID', `Secrets are sealed with keys that are not here: ${missing.join(', ')}`, {
        hint: 'List them in CAIRN_KEYS, or put the file "sealing-keys" of the former data folder into this one.',
      });
    },
  };
}

/** Named after its time, so that another data folder's key is told apart by its name. */
const newKeyId = (): string => `f${Date.now().toString(36)}`;

async function keysOfFolder(dataDir: string): Promise<readonly SealingKey[]> {
  const path = join(dataDir, 'sealing-keys');
  const kept = await readIfThere(path);
  if (kept !== undefined) return parsed(kept, path);
  await mkdir(dataDir, { recursive: true });
  const made = `${path}.${randomUUID()}.new`;
  const file = await open(made, 'wx', 0o600);
  try {
    await file.writeFile(`${newKeyId()}:${randomBytes(32).toString('base64')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  // Of two processes that make one, the first one's counts.
  await link(made, path).catch(ignoreExisting);
  await rm(made, { force: true });
  return parsed(await readFile(path, 'utf8'), path);
}

function ignoreExisting(thrown: unknown): void {
  if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined;
    throw thrown;
  }
}

function parsed(text: string, path: string): readonly SealingKey[] {
  const keys = readKeyList(text);
  if (keys !== undefined) return keys;
  throw new AppError('CONFIG_INVALID', `${path} does not hold keys`, {
    hint: 'Restore the file from a backup of the data folder: without it the sources have to be connected again.',
  });
}

const boundTo = ({ table, row, column, owner }: SealedPlace): Buffer =>
  Buffer.from(JSON.stringify([table, row, column, owner]), 'utf8');

function seal({ id, key }: SealingKey, secret: string, place: SealedPlace): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv).setAAD(boundTo(place));
  const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return [VERSION, id, ...[iv, text, cipher.getAuthTag()].map((part) => part.toString('base64url'))].join('.');
}

function unseal(keys: readonly SealingKey[], sealed: string, place: SealedPlace): string {
  const [version, id, iv, text, tag] = sealed.split('.');
  const found = keys.find((each) => each.id === id);
  if (version !== VERSION || iv === undefined || text === undefined || tag === undefined)
    throw unreadable('is damaged');
  if (found === undefined) throw unreadable(`was sealed with the key "${id}", which is not here`);
  const bytes = (part: string): Buffer => Buffer.from(part, 'base64url');
  try {
    const decipher = createDecipheriv(CIPHER, found.key, bytes(iv), { authTagLength: 16 })
      .setAAD(boundTo(place))
      .setAuthTag(bytes(tag));
    return Buffer.concat([decipher.update(bytes(text)), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw unreadable('was changed, or belongs elsewhere', cause);
  }
}

function unreadable(why: string, cause?: unknown): AppError {
  return new AppError('SECRET_UNREADABLE', `A sealed secret ${why}`, {
    cause,
    hint: 'Connect the source again, or list the missing key in CAIRN_KEYS.',
  });
}
