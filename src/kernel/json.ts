/** JSON as data. Objects read from files have a null prototype, so that a key such as `__proto__` is only a key. */
export type JsonValue = string | number | boolean | null | JsonArray | JsonObject;
export type JsonArray = readonly JsonValue[];
export interface JsonObject {
  readonly [key: string]: JsonValue;
}
/** An object under construction; make it with {@link emptyObject}. */
export interface MutableJsonObject {
  [key: string]: JsonValue;
}

/** A new object without a prototype: the only kind that may take keys from outside. */
export function emptyObject(): MutableJsonObject {
  return Object.create(null) as MutableJsonObject;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
