/** One cursor for what there is and for what changed since: whichever listing it stands in goes on; one of no use begins anew. */
import { ConnectorError, type Cursor, type SyncEvent } from '../connector.ts';

/** What every state of such a cursor tells. */
interface FollowedState {
  /** The settings that it was made under. */
  readonly scope: string;
  /** Of a full listing under way. */
  readonly full?: unknown;
}

export interface Followed<State extends FollowedState> {
  readonly read: (cursor: Cursor) => State | undefined;
  /** Of the settings as they are now. */
  readonly scope: string;
  /** Everything; with a state, what of it is left. */
  readonly listFull: (known?: State) => AsyncIterable<SyncEvent>;
  readonly listDelta: (known: State) => AsyncIterable<SyncEvent>;
  /** Why a cursor is refused by the place. */
  readonly lost: string;
}

/** As `listChanges` of a connector. @throws ConnectorError all but cursor-expired, which is a reset */
export async function* followCursor<State extends FollowedState>(
  cursor: Cursor | null,
  { read, scope, listFull, listDelta, lost }: Followed<State>,
): AsyncGenerator<SyncEvent> {
  if (cursor === null) return yield* listFull();
  const known = read(cursor);
  if (known === undefined || known.scope !== scope) {
    yield { type: 'reset', reason: 'The cursor is of another time or of other settings.' };
    return yield* listFull();
  }
  try {
    yield* known.full === undefined ? listDelta(known) : listFull(known);
  } catch (thrown) {
    if (!(thrown instanceof ConnectorError) || thrown.kind !== 'cursor-expired') throw thrown;
    yield { type: 'reset', reason: lost };
    yield* listFull();
  }
}
