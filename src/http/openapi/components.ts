/** Schemas and parameters shared by name: what several operations take or answer is described once. */
import { AppError } from '../../kernel/errors.ts';
import { isJsonObject } from '../../kernel/json.ts';

export type Json = Record<string, unknown>;

export interface Components {
  /** The schema, with each part that has a name (`$id`) as a reference to it. */
  readonly refer: (schema: object) => Json;
  /** Every schema referred to so far, by name, sorted. */
  readonly schemas: () => Json;
  /** The parameter, or a reference to it where its name is one of those that are shared. */
  readonly referParameter: (name: string | undefined, parameter: Json) => Json;
  /** As {@link Components.schemas}. */
  readonly parameters: () => Json;
}

/** Collects named schemas, and parameters of these names; one name for two of a kind is an AppError DECLARATION_INVALID. */
export function collectComponents(shared: ReadonlySet<string>): Components {
  const named = collectNamed('schema');
  const parameters = collectNamed('parameter');
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).filter(([key, part]) => key !== '$id' && part !== undefined);
    const schema = Object.fromEntries(entries.map(([key, part]) => [key, walk(part)]));
    const name: unknown = Reflect.get(value, '$id');
    if (typeof name !== 'string') return schema;
    named.add(name, schema);
    return { $ref: `#/components/schemas/${name}` };
  };
  return {
    refer: (schema) => {
      const referred = walk(schema);
      return isJsonObject(referred) ? referred : {};
    },
    schemas: named.all,
    referParameter: (name, parameter) => {
      if (name === undefined || !shared.has(name)) return parameter;
      parameters.add(name, parameter);
      return { $ref: `#/components/parameters/${name}` };
    },
    parameters: parameters.all,
  };
}

function collectNamed(kind: string) {
  const named = new Map<string, Json>();
  return {
    add: (name: string, part: Json): void => {
      const earlier = named.get(name);
      if (earlier !== undefined && JSON.stringify(earlier) !== JSON.stringify(part)) {
        throw new AppError('DECLARATION_INVALID', `Two ${kind}s are called ${name}`);
      }
      named.set(name, part);
    },
    all: (): Json => Object.fromEntries([...named].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
