/** Where a run over a Drive stands: one place in each change log, and within a full listing the page. */
import { type Static, Type } from 'typebox';
import { cursorCodec } from '../../kit/cursor.ts';

const cursorShape = Type.Object({
  /** For what settings it holds. */
  scope: Type.String(),
  /** The page token of each change log, by the shared drive’s id; the account’s own by an empty one. */
  logs: Type.Record(Type.String(), Type.String()),
  /** Packed; absent where it is too large, and then read anew. */
  tree: Type.Optional(Type.String()),
  /** The shortcuts that lead to a file, by its id. */
  leads: Type.Record(Type.String(), Type.Array(Type.String())),
  full: Type.Optional(
    Type.Object({
      /** Which part of the listing, which page of it, and how many pages of it are done. */
      part: Type.Integer(),
      page: Type.Optional(Type.String()),
      pages: Type.Integer(),
      isPartial: Type.Boolean(),
      /** The shared drives in which nothing has been found so far. */
      empty: Type.Array(Type.String()),
    }),
  ),
});

export type DriveCursor = Static<typeof cursorShape>;

export const driveCursor = cursorCodec(1, cursorShape);
