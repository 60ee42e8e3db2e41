/** A listing of a folder: everything there is, each time. */
import type { Stats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { Type } from 'typebox';
import { isInside } from '../../access/import-roots.ts';
import { type ConnectorContext, ConnectorError, type Cursor, type RemoteItem, type SyncEvent } from '../connector.ts';
import { cursorCodec } from '../kit/cursor.ts';
import { diskPath } from './names.ts';
import { asDiskError, diskError, rootOf, versionOf } from './root.ts';
import type { FolderSettings } from './settings.ts';
import { type Found, walk } from './walk.ts';

/**
 * `after`: the last id of a pass that is under way, empty at its end; `startedAt`: when the pass began, in milliseconds since
 * 1970; `of`: the folder that the settings named; `partial`: whether something could not be listed so far.
 */
export const folderCursors = cursorCodec(
  1,
  Type.Object({ after: Type.String(), startedAt: Type.Number(), of: Type.String(), partial: Type.Boolean() }),
);

/** Items between two checkpoints: just fewer than the engine writes at once, so that a cursor is kept with what it covers. */
const CHECKPOINT = 4_999;

/** See {@link Connector.listChanges}. */
export async function* listFolder(
  cursor: Cursor | null,
  context: ConnectorContext<FolderSettings>,
  checkpoint: number = CHECKPOINT,
): AsyncGenerator<SyncEvent> {
  const of = context.settings.path;
  const read = cursor === null ? undefined : folderCursors.read(cursor);
  const kept = read?.of === of ? read : undefined;
  if (cursor !== null && kept === undefined) yield { type: 'reset', reason: 'The source is set to another folder now' };
  const goesOn = kept !== undefined && kept.after !== '';
  const startedAt = goesOn ? kept.startedAt : Date.now();
  let partial = goesOn && kept.partial;
  const root = await rootOf(context);
  let told = 0;
  try {
    for await (const batch of walk(root, { after: goesOn ? kept.after : '', signal: context.signal })) {
      for (const found of batch) {
        const event = found.type === 'entry' ? eventOf(root, found) : itemError(found);
        if (event === undefined) continue;
        partial ||= found.type === 'unreadable';
        yield event instanceof Promise ? await event : event;
        told += 1;
        if (told % checkpoint !== 0) continue;
        yield { type: 'checkpoint', cursor: folderCursors.write({ after: found.id, startedAt, of, partial }) };
      }
    }
  } catch (cause) {
    if (context.signal.aborted) throw context.signal.reason;
    throw asDiskError(cause, of);
  }
  const end = folderCursors.write({ after: '', startedAt, of, partial: false });
  yield { type: 'complete', cursor: end, coverage: partial ? 'partial' : 'full' };
}

/** A file as an item. */
export function fileItem(id: string, path: string, name: string, facts: Stats): RemoteItem {
  const modifiedAt = new Date(facts.mtimeMs);
  return {
    id,
    kind: 'file',
    name,
    path,
    version: versionOf(facts),
    size: facts.size,
    // Disks keep times that no calendar here has.
    modifiedAt: Number.isNaN(modifiedAt.getTime()) ? undefined : modifiedAt,
    hasContent: true,
  };
}

/** Undefined of what is no data: sockets, pipes, devices. */
function eventOf(root: string, found: Found & { type: 'entry' }): SyncEvent | undefined | Promise<SyncEvent> {
  const { id, path, name, facts } = found;
  if (facts.isFile()) return { type: 'upsert', item: fileItem(id, path, name, facts) };
  return facts.isSymbolicLink() ? linkEvent(root, found) : undefined;
}

/** A link to a file inside is that file under another name; one to a folder inside is told, and what it holds at its own place. */
async function linkEvent(root: string, found: Found & { type: 'entry' }): Promise<SyncEvent> {
  const { id, path, name } = found;
  try {
    const real = await realpath(diskPath(root, id));
    if (!isInside(root, real))
      throw new ConnectorError('forbidden', `"${path}" is a link that leads out of the folder`);
    const facts = await stat(real);
    if (facts.isFile()) return { type: 'upsert', item: fileItem(id, path, name, facts) };
    return { type: 'upsert', item: { id, kind: 'shortcut', name, path, version: 'link', hasContent: false } };
  } catch (cause) {
    return { type: 'item-error', ref: { id, path, kind: 'shortcut' }, error: diskError(cause, path) };
  }
}

function itemError(found: Exclude<Found, { type: 'entry' }>): SyncEvent {
  const { id, path } = found;
  const error =
    found.type === 'unreadable'
      ? diskError(found.cause, path)
      : new ConnectorError('conflict', `"${path}" has a neighbour of the same name in another spelling`, {
          hint: 'Rename one of them: under one path they would take turns.',
        });
  return { type: 'item-error', ref: { id, path }, error };
}
