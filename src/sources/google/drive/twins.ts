/** Files of one name in one folder: Drive allows them, a path must lead to one. The oldest keeps the name. */
import { createHash } from 'node:crypto';
import { twinName } from './tree.ts';

export interface Twins {
  /** The part of the path for this file, to be asked oldest first; the same file asked again is no twin of itself. */
  readonly claim: (folder: string, part: string, id: string) => string;
}

/** Holds two numbers for each file: a drive of a million files must fit. */
export function createTwins(): Twins {
  const holders = new Map<number, number>();
  return {
    claim(folder, part, id) {
      const place = numberOf(`${folder}\u0000${part}`);
      const own = numberOf(id);
      const holder = holders.get(place);
      if (holder === undefined) holders.set(place, own);
      return holder === undefined || holder === own ? part : twinName(part, id, true);
    },
  };
}

/** 48 bits: two of a million names are taken for one in one of a thousand listings, which costs one of them its plain path. */
function numberOf(text: string): number {
  return createHash('sha1').update(text).digest().readUIntBE(0, 6);
}
