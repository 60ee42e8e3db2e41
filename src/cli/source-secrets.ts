/** Secrets of a source: from the environment or standard input, never from the command line, which others can read. */
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
 * @throws AppError BAD_USER_INPUT for standard input that is no JSON object
 */
export async function readSecrets(
  { environment, input }: CommandContext,
  { keys = {} }: Connector,
  fromInput: boolean,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  if (fromInput) return readObject(await text(input()));
  const found = Object.keys(keys).flatMap((key) => {
    const value = environment(variableOf(key));
    return value === undefined || value === '' ? [] : [[key, value] as const];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

function readObject(given: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(given);
    if (isJsonObject(value)) return value;
  } catch {
    // What could not be read may be half a secret: its text is told nowhere.
  }
  throw new AppError('BAD_USER_INPUT', 'Standard input holds no JSON object of secrets', {
    hint: 'Such as {"accessKeyId": "…", "secretAccessKey": "…"}.',
  });
}
