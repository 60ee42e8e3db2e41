/** list_folder, continue and longpoll. A cursor is where a listing stands: within its first pass, or in the journal after it. */
import type { FakeAnswer } from '../http-fake.ts';
import type { ProviderFault } from '../provider-fake.ts';
import { badRequest, routeError, textIn } from './answers.ts';
import { fold, metadataOf, type World } from './world.ts';

interface Place {
  /** The listed folder, folded; empty for the root. */
  readonly folder: string;
  /** The last path of the first pass that was told; null once it is over. */
  readonly after: string | null;
  /** How much of the journal was told, or passed when the listing began. */
  readonly seen: number;
}

export interface Listings {
  readonly list: (args: unknown, below: string) => FakeAnswer;
  readonly continue: (args: unknown, below: string) => FakeAnswer;
  readonly wait: (args: unknown) => Promise<FakeAnswer>;
  /** Seconds that the next answers of the long poll ask to stay away; undefined: none. */
  backoff: number | undefined;
}

export function createListings(
  world: World,
  pageSize: number,
  strikes: (kind: ProviderFault['kind']) => boolean,
): Listings {
  const page = (place: Place, below: string): FakeAnswer => {
    const repeats = strikes('repeat-for-ever') || strikes('duplicate-page');
    const told =
      place.after === null ? changes(world, place, pageSize, below) : snapshot(world, place, pageSize, below);
    const next = repeats ? place : told.next;
    return { body: { entries: told.entries, cursor: write(next), has_more: repeats || told.hasMore } };
  };
  return {
    backoff: undefined,
    list(args, below) {
      const folder = fold(below + textIn(args, 'path'));
      const found = world.entries.get(folder);
      if (folder !== fold(below) && found?.tag !== 'folder') {
        return routeError('path/not_found', { path: { '.tag': 'not_found' } });
      }
      return page({ folder, after: '', seen: world.journal.length }, below);
    },
    continue(args, below) {
      if (strikes('cursor-lost')) return routeError('reset');
      const place = read(textIn(args, 'cursor'));
      return place === null ? badRequest('Invalid "cursor" parameter') : page(place, below);
    },
    async wait(args) {
      const place = read(textIn(args, 'cursor'));
      if (place === null) return badRequest('Invalid "cursor" parameter');
      const seconds = typeof args === 'object' && args !== null ? Number(Reflect.get(args, 'timeout')) : Number.NaN;
      if (!(seconds >= 30 && seconds <= 480)) return badRequest('timeout: must be from 30 to 480');
      const isBehind = (): boolean => changes(world, place, 1, '').entries.length > 0;
      if (!isBehind()) await world.changed(seconds * 1000);
      return { body: { changes: isBehind(), ...(this.backoff === undefined ? {} : { backoff: this.backoff }) } };
    },
  };
}

interface Page {
  readonly entries: readonly object[];
  readonly next: Place;
  readonly hasMore: boolean;
}

/** Of the first pass, in the order of paths. */
function snapshot(world: World, place: Place, pageSize: number, below: string): Page {
  const rest = [...world.entries]
    .filter(([path]) => path > (place.after ?? '') && isBelow(path, place.folder))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const shown = rest.slice(0, pageSize);
  const hasMore = rest.length > pageSize;
  return {
    entries: shown.map(([, entry]) => ({ '.tag': entry.tag, ...metadataOf(entry, below) })),
    next: { ...place, after: hasMore ? (shown.at(-1)?.[0] ?? null) : null },
    hasMore,
  };
}

/** Of the journal, each path once, as it stands now, in the order of their last changes. */
function changes(world: World, place: Place, pageSize: number, below: string): Page {
  const last = new Map<string, number>();
  for (let at = place.seen; at < world.journal.length; at += 1) {
    const path = fold(world.journal[at]?.path ?? '');
    if (isBelow(path, place.folder)) last.set(path, at);
  }
  const told = [...last.values()].sort((a, b) => a - b).slice(0, pageSize);
  const hasMore = told.length < last.size;
  return {
    entries: told.map((at) => {
      const change = world.journal[at];
      const path = (change?.path ?? '').slice(below.length);
      return change?.entry
        ? { '.tag': change.entry.tag, ...metadataOf(change.entry, below) }
        : {
            '.tag': 'deleted',
            name: path.slice(path.lastIndexOf('/') + 1),
            path_lower: fold(path),
            path_display: path,
          };
    }),
    next: { ...place, seen: hasMore ? (told.at(-1) ?? 0) + 1 : world.journal.length },
    hasMore,
  };
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

function write(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

function read(cursor: string): Place | null {
  try {
    const place = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return typeof place?.seen === 'number' ? place : null;
  } catch {
    return null;
  }
}
