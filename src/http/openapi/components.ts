/** Schemas shared by name: what several operations answer is described once. */
import { AppError } from '../../kernel/errors.ts';
import { isJsonObject } from '../../kernel/json.ts';

export type Json = Record<string, unknown>;

export interface Components {
  /** The schema, with each part that has a name (`$id`) as a reference to it. */
  readonly refer: (schema: object) => Json;
  /** Every schema referred to so far, by name, sorted. */
  readonly schemas: () => Json;
}

/** Collects named schemas; one name for two of them is an AppError DECLARATION_INVALID. */
export function collectComponents(): Components {
  const named = new Map<string, Json>();
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).filter(([key, part]) => key !== '$id' && part !== undefined);
    const schema = Object.fromEntries(entries.map(([key, part]) => [key, walk(part)]));
    const name: unknown = Reflect.get(value, '$id');
    if (typeof name !== 'string') return schema;
    const earlier = named.get(name);
    if (earlier !== undefined && JSON.stringify(earlier) !== JSON.stringify(schema)) {
      throw new AppError('DECLARATION_INVALID', `Two schemas are called ${name}`);
    }
    named.set(name, schema);
    return { $ref: `#/components/schemas/${name}` };
  };
  return {
    refer: (schema) => {
      const referred = walk(schema);
      return isJsonObject(referred) ? referred : {};
    },
    schemas: () => Object.fromEntries([...named].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
