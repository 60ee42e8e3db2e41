/**
 * Everything below a folder, in the order of its names. Written for a hundred thousand files: what is asked of each file is
 * asked at once and without a promise, as `find` does; a folder's names are waited for, so that a disk that does not answer
 * holds up this walk and nothing else, and after some files other work has its turn.
 */
import { lstatSync, type Stats } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { setImmediate as otherWork } from 'node:timers/promises';
import { diskPath, idOfName, isDoubtful, isOdd, shownName } from './names.ts';
import { codeOf } from './root.ts';

export type Found =
  | { readonly type: 'entry'; readonly id: string; readonly path: string; readonly name: string; readonly facts: Stats }
  /** A folder, or one entry of it, that could not be looked at. */
  | { readonly type: 'unreadable'; readonly id: string; readonly path: string; readonly cause: unknown }
  /** A name that looks like one of its neighbours: the same letters in another spelling. */
  | { readonly type: 'twin'; readonly id: string; readonly path: string };

export interface WalkOptions {
  /** The id of the last entry that is not wanted any more, to go on after it. */
  readonly after?: string | undefined;
  readonly signal: AbortSignal;
  /** Before a folder is read, with its id; the root's is empty. */
  readonly onFolder?: ((id: string) => void) | undefined;
}

interface Frame {
  readonly id: string;
  readonly path: string;
  readonly names: readonly string[];
  /** The names as people see them, where two of them may look the same. */
  readonly shown: Set<string> | undefined;
  next: number;
}

/** Entries between two turns of other work: about two milliseconds. */
const TURN = 512;

/**
 * Files and links below `root` (real, absolute), some hundreds at once; folders only by `onFolder`. Hidden names are no data.
 * Links are told and never followed: what they lead to inside is told at its own place, and a loop of them is no loop.
 * @throws the root's own fault, the signal's reason
 */
export async function* walk(root: string, options: WalkOptions): AsyncGenerator<readonly Found[]> {
  const resume = options.after === undefined || options.after === '' ? [] : options.after.split('/');
  const stack: Frame[] = [await openFolder(root, { id: '', path: '', from: resume[0] }, options)];
  let found: Found[] = [];
  let looked = 0;
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    const name = frame.names[frame.next];
    if (name === undefined) {
      stack.pop();
      continue;
    }
    frame.next += 1;
    looked += 1;
    if (looked % TURN === 0) {
      await otherWork();
      options.signal.throwIfAborted();
      yield found;
      found = [];
    }
    const id = below(frame.id, name);
    const seen = shownName(name);
    const path = below(frame.path, seen);
    const isTwin = frame.shown?.has(seen) === true;
    frame.shown?.add(seen);
    if (isTwin) {
      found.push({ type: 'twin', id, path });
      continue;
    }
    const facts = look(root, id, path, found);
    if (facts?.isDirectory() === true) {
      const isOnTheWay = resume.length > stack.length && resume.slice(0, stack.length).join('/') === id;
      const from = isOnTheWay ? resume[stack.length] : undefined;
      const folder = await openFolder(root, { id, path, from }, options).catch((cause: unknown) => {
        options.signal.throwIfAborted();
        if (codeOf(cause) !== 'ENOENT') found.push({ type: 'unreadable', id, path, cause });
      });
      if (folder !== undefined) stack.push(folder);
    } else if (facts !== undefined && id !== options.after) found.push({ type: 'entry', id, path, name: seen, facts });
  }
  yield found;
}

/** Undefined of what is gone since its folder was read, as if it had gone a moment earlier, and of what cannot be looked at. */
function look(root: string, id: string, path: string, found: Found[]): Stats | undefined {
  try {
    return lstatSync(diskPath(root, id), { throwIfNoEntry: false });
  } catch (cause) {
    found.push({ type: 'unreadable', id, path, cause });
    return undefined;
  }
}

/** The names of a folder, sorted, from `from` on. */
async function openFolder(
  root: string,
  { id, path, from }: { readonly id: string; readonly path: string; readonly from: string | undefined },
  options: WalkOptions,
): Promise<Frame> {
  options.signal.throwIfAborted();
  options.onFolder?.(id);
  const at = diskPath(root, id);
  let names: string[] = await readdir(at);
  if (names.some(isDoubtful)) names = (await readdir(at, 'buffer')).map(idOfName);
  const wanted = names.filter((name) => !name.startsWith('.') && (from === undefined || name >= from)).sort();
  return { id, path, names: wanted, shown: wanted.some(isOdd) ? new Set() : undefined, next: 0 };
}

function below(parent: string, name: string): string {
  return parent === '' ? name : `${parent}/${name}`;
}
