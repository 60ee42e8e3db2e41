/** Settings of a source as the command line gives them: `key=value`, read as the connector's schema says. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError } from '../kernel/errors.ts';
import { isJsonObject } from '../kernel/json.ts';
import type { Connector } from '../sources/connector.ts';

export interface SettingFacts {
  readonly name: string;
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly isRequired: boolean;
  readonly standard: unknown;
}

/** What a connector may be set to, in the order of its schema. */
export function settingsOf({ settings }: Connector): SettingFacts[] {
  const schema: unknown = JSON.parse(JSON.stringify(settings));
  if (!isJsonObject(schema) || !isJsonObject(schema['properties'])) return [];
  const required: unknown = schema['required'];
  return Object.entries(schema['properties']).map(([name, property]) => {
    const facts = isJsonObject(property) ? property : {};
    const { type = 'text', title = name, description = '', default: standard } = facts;
    const isRequired = Array.isArray(required) && required.includes(name) && standard === undefined;
    return { name, type: String(type), title: String(title), description: String(description), isRequired, standard };
  });
}

/**
 * The settings that `pairs` give. A folder of this machine is relative to `folder`, where the user stands, if it is there.
 * @throws AppError BAD_USER_INPUT for what is no pair, no setting of the connector, or no value of its type
 */
export function readPairs(
  connector: Connector,
  pairs: readonly string[],
  folder: string,
): Readonly<Record<string, unknown>> {
  const known = new Map(settingsOf(connector).map((setting) => [setting.name, setting]));
  const given: Record<string, unknown> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const name = pair.slice(0, at);
    const setting = at < 1 ? undefined : known.get(name);
    if (setting === undefined) {
      throw new AppError('BAD_USER_INPUT', `${JSON.stringify(pair.slice(0, 100))} sets nothing of ${connector.title}`, {
        hint: `Write --set key=value with one of: ${[...known.keys()].join(', ')}. Secrets are never given so.`,
      });
    }
    given[name] = settingValue(setting, pair.slice(at + 1));
    if (connector.id === 'folder' && name === 'path') given[name] = folderPath(String(given[name]), folder);
  }
  return given;
}

/** One that is not where the user stands is looked for under the import roots, as by the API. */
function folderPath(path: string, folder: string): string {
  const here = resolve(folder, path);
  return existsSync(here) ? here : path;
}

function settingValue({ name, type }: SettingFacts, text: string): unknown {
  if (type === 'string' || type === 'text') return text;
  if (type === 'array' && !text.trimStart().startsWith('['))
    return text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('BAD_USER_INPUT', `--set ${name}= takes a ${type}`, { cause, path: name });
  }
}
