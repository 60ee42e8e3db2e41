/** Which names of a listing are taken: Drive allows several files of one name in one folder, a path must lead to one. */
import { createHash } from 'node:crypto';

/** A place that a path leads to: a folder, and a name in it. */
export interface Names {
  /** Whether the file has the name for itself so far; the same file asked again is no namesake of its own. */
  readonly claim: (folder: string, part: string, id: string) => boolean;
  /** Whether this is the first time that this name is asked for. */
  readonly isNew: (folder: string, part: string) => boolean;
}

/** Holds two numbers for each file: a drive of a million files must fit. */
export function createNames(): Names {
  const holders = new Map<number, number>();
  const asked = new Set<number>();
  return {
    claim(folder, part, id) {
      const place = numberOf(`${folder}\u0000${part}`);
      const own = numberOf(id);
      const holder = holders.get(place);
      if (holder === undefined) holders.set(place, own);
      return holder === undefined || holder === own;
    },
    isNew(folder, part) {
      const place = numberOf(`${folder}\u0000${part}`);
      const isNew = !asked.has(place);
      asked.add(place);
      return isNew;
    },
  };
}

/** 48 bits: that two names of a million are taken for one costs one request more. */
function numberOf(text: string): number {
  return createHash('sha1').update(text).digest().readUIntBE(0, 6);
}
