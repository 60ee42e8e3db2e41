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

/**
 * An object made by a constructor keeps the engine's fast shape, which one from Object.create(null) never gets; its prototype
 * is empty and has none itself, so that `__proto__` is a key like any other.
 */
function Bare(): void {}
Bare.prototype = Object.create(null);

/** A new object that inherits nothing: the only kind that may take keys from outside. */
export function emptyObject(): MutableJsonObject {
  return Reflect.construct(Bare, []);
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
