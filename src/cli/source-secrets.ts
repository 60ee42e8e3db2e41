/** Secrets of a source: from the environment, a file or standard input, never from the command line, which others can read. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { AppError } from '../kernel/errors.ts';
import { isJsonObject } from '../kernel/json.ts';
import type { Connector } from '../sources/connector.ts';
import type { CommandContext } from './context.ts';

/** `secretAccessKey` is read from CAIRN_SOURCE_SECRET_ACCESS_KEY. */
export const variableOf = (key: string): string =>
  `CAIRN_SOURCE_${key.replaceAll(/([a-z\d])([A-Z])/g, '$1_$2').toUpperCase()}`;

/**
 * The connector's secrets that there are; undefined where there are none.
 * @throws AppError BAD_USER_INPUT for standard input, or a file, that is no JSON object; FILE_UNREADABLE
 */
export async function readSecrets(
  { environment, input, folder }: CommandContext,
  { keys = {} }: Connector,
  from: { readonly fromInput: boolean; readonly file?: string | undefined },
): Promise<Readonly<Record<string, unknown>> | undefined> {
  if (from.fromInput && from.file !== undefined)
    throw new AppError('BAD_USER_INPUT', 'Secrets come from standard input or from a file, not from both');
  if (from.file !== undefined) return readObject(await textOf(resolve(folder, from.file)), 'The file');
  if (from.fromInput) return readObject(await text(input()), 'Standard input');
  const found = Object.keys(keys).flatMap((key) => {
    const value = environment(variableOf(key));
    return value === undefined || value === '' ? [] : [[key, value] as const];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new AppError('FILE_UNREADABLE', `${file} cannot be read`, { cause, path: '--secret-file' });
  }
}

function readObject(given: string, place: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(given);
    if (isJsonObject(value)) return value;
  } catch {
    // What could not be read may be half a secret: its text is told nowhere.
  }
  throw new AppError('BAD_USER_INPUT', `${place} holds no JSON object of secrets`, {
    hint: 'Such as {"accessKeyId": "…", "secretAccessKey": "…"}.',
  });
}
