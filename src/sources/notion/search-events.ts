/** The searching part of a pass: what was edited, what lies in the trash, and which tables there are. */
import type { SearchParameters, SearchResponse } from '@notionhq/client';
import type { SyncEvent } from '../connector.ts';
import { createPageGuard } from '../kit/page-guard.ts';
import type { Notion } from './client.ts';
import { PROVIDER } from './errors.ts';
import { type Found, isFull } from './objects.ts';
import { isNews, type NotionState, type PassState, sinceOf, versionOf, withSeen } from './pass.ts';
import type { Teller } from './tell.ts';

type Stage = PassState['stage'];

/** What follows a stage. A full pass needs no trash: what it does not tell is gone; and it found all tables. */
const AFTER: Readonly<Record<Stage, Stage>> = { search: 'trash', trash: 'tables', tables: 'walk', walk: 'walk' };

const FILTERS: Readonly<Record<Stage, SearchParameters['filter']>> = {
  search: undefined,
  trash: { in_trash: true },
  tables: { property: 'object', value: 'data_source' },
  walk: undefined,
};

export async function* searchEvents(
  notion: Notion,
  state: NotionState,
  start: PassState,
  teller: Teller,
  save: (pass: PassState) => SyncEvent,
): AsyncGenerator<SyncEvent, PassState> {
  const since = sinceOf(state, start);
  const guard = createPageGuard(PROVIDER);
  let pass = start;
  while (pass.stage !== 'walk') {
    const { stage } = pass;
    const answer = await search(notion, stage, pass.page);
    pass = { ...pass, partial: pass.partial || answer.request_status?.type === 'incomplete' };
    let isPast = false;
    for (const found of answer.results) {
      // Newest first: what follows was there before. The tables are wanted whole: their rows may be newer than they are.
      isPast ||= stage !== 'tables' && isFull(found) && found.last_edited_time < since;
      if (isPast) break;
      if (stage === 'trash') pass = yield* trashed(found, pass, state, teller);
      else pass = yield* teller.found(found, pass);
    }
    const next = isPast || !answer.has_more ? '' : (answer.next_cursor ?? '');
    if (next !== '') guard.next(`${stage} ${next}`);
    pass = { ...pass, page: next, stage: next !== '' ? stage : pass.full ? 'walk' : AFTER[stage] };
    yield save(pass);
  }
  return pass;
}

/** Its table has to be counted anew. */
function* trashed(found: Found, pass: PassState, state: NotionState, teller: Teller): Generator<SyncEvent, PassState> {
  const time = isFull(found) ? found.last_edited_time : '';
  const key = `trash ${found.id}`;
  if (time !== '' && !isNews(key, time, pass, state)) return withSeen(pass, key, versionOf(time, pass));
  yield { type: 'delete', id: found.id, subtree: true };
  const table = isFull(found) && found.parent.type === 'data_source_id' ? found.parent.data_source_id : undefined;
  if (table !== undefined) {
    teller.add(`d${table}`, pass);
    pass.dirty.push(table);
  }
  return time === '' ? pass : withSeen(pass, key, versionOf(time, pass));
}

async function search(notion: Notion, stage: Stage, page: string): Promise<SearchResponse> {
  const filter = FILTERS[stage];
  return notion.call((client) =>
    client.search({
      sort: { timestamp: 'last_edited_time', direction: 'descending' },
      page_size: 100,
      ...(filter === undefined ? {} : { filter }),
      ...(page === '' ? {} : { start_cursor: page }),
    }),
  );
}
