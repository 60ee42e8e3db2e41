/** A folder tree as a cursor carries it, where it is small enough to be written with every checkpoint. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { FolderTree, TreeFolder } from './tree.ts';

/** A cursor is written with every checkpoint: above this, reading the folders anew at each run is cheaper. */
const MOST_FOLDERS = 5000;
const MOST_CHARACTERS = 256 * 1024;

/** Id, name, parent, created, isShared. */
const packedFolders = Type.Array(
  Type.Tuple([Type.String(), Type.String(), Type.String(), Type.Number(), Type.Boolean()]),
);

/** Undefined where it is too large. */
export function packTree(tree: FolderTree): string | undefined {
  if (tree.size() > MOST_FOLDERS) return undefined;
  const rows: Static<typeof packedFolders> = tree
    .entries()
    .map(([id, { name, parent, created, isShared }]) => [id, name, parent, created, isShared]);
  const packed = deflateRawSync(JSON.stringify(rows)).toString('base64');
  return packed.length > MOST_CHARACTERS ? undefined : packed;
}

/** Undefined where it is none: the folders are then read anew. */
export function unpackTree(packed: string): (readonly [string, TreeFolder])[] | undefined {
  const rows = readRows(packed);
  if (rows === undefined) return undefined;
  return rows.map(([id, name, parent, created, isShared]) => [id, { name, parent, created, isShared }]);
}

function readRows(packed: string): Static<typeof packedFolders> | undefined {
  try {
    const inflated = inflateRawSync(Buffer.from(packed, 'base64'), { maxOutputLength: 64 * 1024 * 1024 });
    const rows: unknown = JSON.parse(inflated.toString('utf8'));
    return Value.Check(packedFolders, rows) ? rows : undefined;
  } catch {
    // A damaged cursor costs a listing of the folders, not the run.
    return undefined;
  }
}
