/** A source's settings, checked by its connector's schema. */
import { Clone, Default, Errors } from 'typebox/value';
import { AppError, type Fault } from '../kernel/errors.ts';
import type { Connector } from './connector.ts';

/**
 * `given` with the defaults of what was left out.
 * @throws AppError BAD_USER_INPUT with one fault for each value that does not pass; paths such as `config.bucket`
 */
export function readSettings(connector: Connector, given: unknown): Readonly<Record<string, unknown>> {
  const filled = Default(connector.settings, Clone(given ?? {}));
  const faults: Fault[] = [];
  for (const { instancePath, keyword, message, params } of Errors(connector.settings, filled)) {
    const names = namesOf(params);
    for (const name of names.length === 0 ? [''] : names) {
      const at = [...instancePath.split('/').slice(1), ...(name === '' ? [] : [name])];
      const path = ['config', ...at].join('.');
      // One value may break several rules of the schema, which all say the same to who reads it.
      if (!faults.some((fault) => fault.path === path)) faults.push(faultOf(path, keyword, message));
    }
  }
  if (faults.length === 0 && isRecord(filled)) return filled;
  const words = faults.map(({ path, message }) => `${path} ${message}`).join(', ');
  throw new AppError('BAD_USER_INPUT', `The settings of ${connector.title} do not pass: ${words || 'no object'}`, {
    path: faults[0]?.path ?? 'config',
    faults,
    hint: `Its settings are: ${Object.keys(propertiesOf(connector)).join(', ')}.`,
  });
}

/** In the words of every other check. */
function faultOf(path: string, keyword: string, message: string): Fault {
  if (keyword === 'required') return { path, code: 'MISSING', message: 'is missing' };
  // Whatever is not allowed is a property whose schema is `false`.
  const isUnknown = keyword === 'boolean' || keyword === 'additionalProperties';
  return { path, code: 'INVALID_VALUE', message: isUnknown ? 'is not known' : message };
}

/** The properties that a fault of the whole object is about: those that are missing, those that are unknown. */
function namesOf(params: object): readonly string[] {
  const names = Object.entries(params).flatMap(([key, value]: [string, unknown]) =>
    (key === 'requiredProperties' || key === 'additionalProperties') && Array.isArray(value) ? value : [],
  );
  return names.filter((name) => typeof name === 'string');
}

function propertiesOf(connector: Connector): object {
  return 'properties' in connector.settings && isRecord(connector.settings.properties)
    ? connector.settings.properties
    : {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
