/** Waiting until something in a folder changes. */
import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { ConnectorContext, Cursor } from '../connector.ts';
import { folderCursors } from './listing.ts';
import { diskPath } from './names.ts';
import { asDiskError, rootOf } from './root.ts';
import type { FolderSettings } from './settings.ts';
import { walk } from './walk.ts';

/** A wait ends after so long, so that a watch that the system lost is made anew. */
const LONGEST_MS = 240_000;
/** Where the system gives no watch, the folder is looked over this often. */
const LOOK_MS = 60_000;
/** After the first change, until nothing more came for so long: files come in droves. */
const QUIET_MS = 100;
const LONGEST_DROVE_MS = 2000;
/** Watches are the whole machine's: a source with more folders is looked over instead. */
const MOST_WATCHES = 8192;
/** The clock of a disk stands still for some milliseconds at a time. */
const CLOCK_MS = 10;

interface Watching {
  /** The folders that could be watched, or undefined where not all could. */
  readonly changed: Promise<void>;
  readonly isWhole: () => boolean;
  readonly watchFolder: (path: string | Buffer) => void;
  readonly close: () => void;
}

/** See {@link Connector.waitForChanges}. What changed since the cursor's listing began is found first: no change falls between. */
export async function waitForFolder(
  cursor: Cursor,
  context: ConnectorContext<FolderSettings>,
): Promise<{ changed: boolean }> {
  const { signal } = context;
  const since = folderCursors.read(cursor)?.startedAt;
  if (since === undefined) return { changed: true };
  const root = await rootOf(context);
  const watching = createWatching(process.platform !== 'linux');
  try {
    if (await isNewer(root, since, signal, watching.watchFolder)) return { changed: true };
    if (!watching.isWhole()) {
      await pause(LOOK_MS, undefined, { signal });
      return { changed: await isNewer(root, since, signal, () => undefined) };
    }
    const none = pause(LONGEST_MS, false, { signal, ref: false });
    return { changed: await Promise.race([watching.changed.then(() => true), none]) };
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    throw asDiskError(cause, context.settings.path);
  } finally {
    watching.close();
  }
}

/**
 * Whether anything below was written since a moment: a folder's own time tells what came and went in it. Times in the future
 * are another clock's and tell nothing.
 */
async function isNewer(
  root: string,
  since: number,
  signal: AbortSignal,
  onFolder: (path: string | Buffer) => void,
): Promise<boolean> {
  const folders: (string | Buffer)[] = [];
  const isRecent = (time: number): boolean => time >= since - CLOCK_MS && time <= Date.now() + CLOCK_MS;
  const visit = (id: string): void => {
    const path = diskPath(root, id);
    onFolder(path);
    folders.push(path);
  };
  for await (const batch of walk(root, { signal, onFolder: visit })) {
    if (batch.some((found) => found.type === 'entry' && isRecent(found.facts.ctimeMs))) return true;
    for (const path of folders.splice(0)) {
      const facts = await stat(path).catch(() => undefined);
      // Gone since it was read: that is a change too.
      if (facts === undefined || isRecent(facts.ctimeMs)) return true;
    }
  }
  return false;
}

function createWatching(isRecursive: boolean): Watching {
  const watchers: FSWatcher[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  let isWhole = true;
  let quiet: NodeJS.Timeout | undefined;
  let first: number | undefined;
  const close = (): void => {
    clearTimeout(quiet);
    for (const watcher of watchers.splice(0)) watcher.close();
  };
  const giveUp = (): void => {
    isWhole = false;
    close();
  };
  const onChange = (_type: string, name: string | null): void => {
    // Hidden files are no data; what we write is hidden until it is whole.
    if (name?.split(/[\\/]/).some((part) => part.startsWith('.')) === true) return;
    first ??= performance.now();
    clearTimeout(quiet);
    if (performance.now() - first > LONGEST_DROVE_MS) resolve();
    else quiet = setTimeout(resolve, QUIET_MS);
  };
  return {
    changed: promise,
    isWhole: () => isWhole,
    watchFolder(path) {
      // Elsewhere one watch sees everything below; on Linux Node would make one for each file.
      if (!isWhole || (isRecursive && watchers.length > 0)) return;
      if (watchers.length >= MOST_WATCHES) return giveUp();
      try {
        const watcher = watch(path, { recursive: isRecursive, persistent: false }, onChange);
        watcher.on('error', giveUp);
        watchers.push(watcher);
      } catch {
        // No watches left, or a disk that has none: the folder is looked over instead.
        giveUp();
      }
    },
    close,
  };
}
