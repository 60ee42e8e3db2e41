/** Numbers of JSON kept as their text, digit by digit, where a double would change them or their spelling. */
import type { JsonObject } from './json.ts';

declare global {
  interface JSON {
    /** ECMAScript's: an object that `JSON.stringify` writes as this text. */
    rawJSON(text: string): JsonObject;
    isRawJSON(value: unknown): value is { readonly rawJSON: string };
  }
}

/** A number as JSON writes it: a number where that gives the text back, else what `JSON.stringify` writes as the text. */
export function rawNumber(text: string): number | JsonObject {
  const number = Number(text);
  return String(number) === text ? number : JSON.rawJSON(text);
}

/** The text of a value made by {@link rawNumber}; undefined for any other. */
export function rawNumberText(value: unknown): string | undefined {
  return JSON.isRawJSON(value) ? value.rawJSON : undefined;
}
