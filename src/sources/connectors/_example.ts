/**
 * How a connector is written: copy this file, take the underscore off its name, and it is found. Nothing else needs editing.
 * It is compiled and run by the tests over its fake, never registered. The place here is a shelf of notes behind a small API:
 * `GET /notes?after=…` lists pages of notes in the order of their ids, `GET /notes/:id` gives one.
 *
 * Beside it goes the place's fake under test/support/providers/, by the connector's id; the conformance suite then runs both.
 * What takes more than a page of code lives in a folder of its own beside `connectors/`.
 */
import { type Static, Type } from 'typebox';
import { type ConnectorContext, ConnectorError, defineConnector, type RemoteItem } from '../connector.ts';
import { answerError, answerText } from '../kit/answer-error.ts';
import { answerJson } from '../kit/answer-json.ts';
import { cursorCodec } from '../kit/cursor.ts';
import { reach } from '../kit/network-error.ts';
import { createPageGuard } from '../kit/page-guard.ts';
import { nameOf, pathOfKey } from '../kit/paths.ts';
import { wholeBody } from '../kit/whole-body.ts';

/** Of each value: what people read above its field, and what holds where it is left out. */
const settings = Type.Object(
  {
    address: Type.String({
      title: 'Address',
      description: 'Where the shelf is, such as https://notes.example.com.',
      pattern: '^https?://[^/]+$',
    }),
    folder: Type.String({
      title: 'Folder',
      description: 'Only notes whose name begins with it; empty for all.',
      default: '',
      maxLength: 1000,
    }),
  },
  { additionalProperties: false },
);

/** Raise the version when the shape changes: older cursors then lead to a full listing instead of a wrong one. */
const cursors = cursorCodec(1, Type.Object({ after: Type.String() }));

/** What comes from outside is checked before it is believed. */
const NOTES = Type.Object({
  notes: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      revision: Type.String(),
      bytes: Type.Integer(),
      sha256: Type.String(),
    }),
  ),
  next: Type.Union([Type.String(), Type.Null()]),
});

type Context = ConnectorContext<Static<typeof settings>>;

export default defineConnector({
  id: 'example',
  title: 'Shelf of notes',
  description: 'A small API of notes, to show how a connector is written.',
  // What the engine relies on: `listing` means that every pass tells of everything, so that what it does not tell is gone.
  capabilities: {
    changes: 'listing',
    deletes: 'sweep',
    rename: 'delete-create',
    notify: 'none',
    hash: ['sha256'],
    rangeDownload: false,
    write: false,
  },
  settings,
  // One token that people make themselves. A place with OAuth names its provider and scopes here instead.
  keys: { token: { title: 'Token', description: 'From the page "Access" of the shelf.' } },

  async check(context) {
    await ask(context, '/notes?limit=1');
    return { accountId: context.settings.address };
  },

  async *listChanges(cursor, context) {
    // A pass that was broken off goes on after its last checkpoint; what is no cursor of ours begins anew, and says so.
    const state = cursor === null ? { after: '' } : cursors.read(cursor);
    if (state === undefined) yield { type: 'reset', reason: 'The cursor is of another version' };
    const guard = createPageGuard('The shelf');
    let after = state?.after ?? '';
    for (;;) {
      guard.next(after);
      const answer = await ask(context, `/notes?after=${encodeURIComponent(after)}`);
      const page = await answerJson(answer, NOTES, { provider: 'The shelf', signal: context.signal });
      for (const note of page.notes) {
        if (note.name.startsWith(context.settings.folder)) yield { type: 'upsert', item: itemOf(note) };
      }
      if (page.next === null) break;
      after = page.next;
      // The rows of everything above may be committed together with this cursor.
      yield { type: 'checkpoint', cursor: cursors.write({ after }) };
    }
    yield { type: 'complete', cursor: cursors.write({ after: '' }), coverage: 'full' };
  },

  async download(ref, _options, context) {
    const answer = await ask(context, `/notes/${encodeURIComponent(ref.id)}`);
    const version = answer.headers.get('etag') ?? undefined;
    if (ref.version !== undefined && version !== ref.version) {
      await answer.body?.cancel();
      throw new ConnectorError('conflict', 'The note was written anew since it was listed');
    }
    const bytes = Number(answer.headers.get('content-length'));
    const body = wholeBody(answer.body, { provider: 'The shelf', bytes, signal: context.signal });
    return { body, size: bytes, version, mediaType: answer.headers.get('content-type') ?? undefined };
  },
});

/** @throws ConnectorError for every answer that is no success: never waited out, never tried again here */
async function ask(context: Context, path: string): Promise<Response> {
  const headers = { authorization: `Bearer ${context.keys['token'] ?? ''}` };
  const answer = await reach(context, 'The shelf', `${context.settings.address}${path}`, { headers });
  if (answer.ok) return answer;
  const words = await answerText(answer);
  // A key that people made is not renewed by asking again: they are asked for another one.
  const kind = answer.status === 401 ? 'auth-revoked' : undefined;
  throw answerError(answer, { provider: 'The shelf', words, kind });
}

function itemOf(note: Static<typeof NOTES>['notes'][number]): RemoteItem {
  // A remote name may hold anything; a path never leads out of its root.
  const path = pathOfKey(note.name);
  return {
    id: note.id,
    kind: 'file',
    name: nameOf(path),
    path,
    version: note.revision,
    hash: { algorithm: 'sha256', value: note.sha256 },
    size: note.bytes,
    hasContent: true,
  };
}
