/** Cursors: JSON with a version inside, opaque to all but the connector that made them. */
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import type { Cursor } from '../connector.ts';

export interface CursorCodec<Shape> {
  write(value: Shape): Cursor;
  /** Undefined where it is none of ours, or of an older shape: the place is then listed anew. */
  read(cursor: Cursor): Shape | undefined;
}

/** `version` counts up whenever `schema` changes its meaning. */
export function cursorCodec<Schema extends TSchema>(version: number, schema: Schema): CursorCodec<Static<Schema>> {
  return {
    write: (value) => JSON.stringify({ v: version, at: value }),
    read(cursor) {
      const parsed = parse(cursor);
      if (parsed?.v !== version) return undefined;
      return Value.Check(schema, parsed.at) ? parsed.at : undefined;
    },
  };
}

function parse(cursor: Cursor): { readonly v: unknown; readonly at: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(cursor);
    return typeof value === 'object' && value !== null && 'v' in value && 'at' in value ? value : undefined;
  } catch {
    // Whatever it is, it is no cursor of ours; the caller lists anew, which is told by a reset.
    return undefined;
  }
}
