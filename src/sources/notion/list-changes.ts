/**
 * A listing. Notion has no list of changes: its search tells what was edited last, first, and leaves things out; so what it
 * told is walked, page by page and table by table, for what it did not.
 */
import type { Cursor, SyncEvent } from '../connector.ts';
import { type NotionContext, openNotion } from './client.ts';
import { beginPass, endPass, type NotionState, notionCursor } from './pass.ts';
import { searchEvents } from './search-events.ts';
import { rootIds } from './settings.ts';
import { createTeller } from './tell.ts';
import { createTree } from './tree.ts';
import { walkEvents } from './walk-events.ts';
import { whoAmI } from './workspace.ts';

/** See {@link Connector.listChanges}. */
export async function* listChanges(cursor: Cursor | null, context: NotionContext): AsyncGenerator<SyncEvent> {
  const notion = await openNotion(context);
  const { roots, tables, files } = context.settings;
  const of = JSON.stringify([(await whoAmI(notion)).workspaceId, roots.toSorted(), tables, files]);
  const kept = cursor === null ? undefined : notionCursor.read(cursor);
  const isOurs = kept?.of === of;
  if (cursor !== null && !isOurs)
    yield { type: 'reset', reason: 'The source has other settings or another workspace now' };
  const state: NotionState = isOurs ? kept : { of, watermark: '', recent: {}, pass: null };
  const save = (pass: NonNullable<NotionState['pass']>): SyncEvent => ({
    type: 'checkpoint',
    cursor: notionCursor.write({ ...state, pass }),
  });
  let pass = state.pass ?? beginPass(state, Date.now());
  const teller = createTeller(notion, createTree(notion), state, pass.known);
  pass = yield* searchEvents(notion, state, pass, teller, save);
  for (const id of pass.full ? rootIds(context.settings) : []) {
    if (!teller.knows(`p${id}`)) pass = yield* teller.missing(id, pass);
  }
  pass = yield* walkEvents(notion, state, pass, teller, save);
  const coverage = pass.partial ? 'partial' : pass.full ? 'full' : 'delta';
  yield { type: 'complete', cursor: notionCursor.write(endPass(state, pass)), coverage };
}
