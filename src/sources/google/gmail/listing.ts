/** What is in a mailbox, and what changed in it. */
import type { gmail_v1 } from '@googleapis/gmail';
import { type Static, Type } from 'typebox';
import { ConnectorError, type SyncEvent } from '../../connector.ts';
import { cursorCodec } from '../../kit/cursor.ts';
import { createPageGuard } from '../../kit/page-guard.ts';
import { ask, type GmailContext, isGone, mailboxOf, PROVIDER } from './client.ts';
import { attachmentItems, type Message, messageItem, timeOf } from './item.ts';
import { followedLabels } from './labels.ts';
import { getMessages } from './messages.ts';
import { isChosen, scopeOf, searchOf } from './settings.ts';

const cursorShape = Type.Object({
  scope: Type.String(),
  /** Where the history stood before the listing, or after the last changes. */
  history: Type.String(),
  /** In a full listing: which of the labels, and which page. */
  full: Type.Optional(Type.Object({ part: Type.Integer(), page: Type.Optional(Type.String()) })),
});

export type GmailCursor = Static<typeof cursorShape>;

export const gmailCursor = cursorCodec(1, cursorShape);

/** Every message costs a request of its own, so a page is small: after each there is a checkpoint. */
const PAGE_SIZE = 100;

/** All mail, newest first, or the rest of it. @throws ConnectorError */
export async function* listFull(context: GmailContext, resume?: GmailCursor): AsyncGenerator<SyncEvent> {
  // Before anything is listed, or what changes meanwhile would be told by nobody.
  const history = resume?.history ?? (await mailboxOf(context)).historyId;
  const scope = scopeOf(context.settings);
  const followed = await followedLabels(context);
  const parts = followed.length === 0 ? [undefined] : followed;
  const start = resume?.full ?? { part: 0 };
  for (let part = start.part; part < parts.length; part += 1) {
    const guard = createPageGuard(PROVIDER);
    for (let from = part === start.part ? start.page : undefined; ; ) {
      const page = await listPage(context, searchOf(context.settings), parts[part], from);
      for (const [, message] of await getMessages(context, idsOf(page))) if (message) yield* tell(context, message);
      from = page.nextPageToken ?? undefined;
      const full = from === undefined ? { part: part + 1 } : { part, page: from };
      yield { type: 'checkpoint', cursor: gmailCursor.write({ scope, history, full }) };
      if (from === undefined) break;
      guard.next(from);
    }
  }
  yield { type: 'complete', cursor: gmailCursor.write({ scope, history }), coverage: 'full' };
}

/** @throws ConnectorError; `cursor-expired` where the history no longer reaches back so far */
export async function* listDelta(context: GmailContext, cursor: GmailCursor): AsyncGenerator<SyncEvent> {
  const followed = await followedLabels(context);
  const guard = createPageGuard(PROVIDER);
  let { history } = cursor;
  for (;;) {
    const page = await historyPage(context, history);
    yield* tellChanges(context, followed, page.history ?? []);
    // Each record has its own place in the history, from which can be gone on: page tokens end sooner.
    const last = page.history?.at(-1)?.id;
    if (!page.nextPageToken || !last) {
      const now = gmailCursor.write({ scope: cursor.scope, history: page.historyId ?? history });
      yield { type: 'complete', cursor: now, coverage: 'delta' };
      return;
    }
    guard.next(last);
    history = last;
    yield { type: 'checkpoint', cursor: gmailCursor.write({ scope: cursor.scope, history }) };
  }
}

async function* tellChanges(
  context: GmailContext,
  followed: readonly string[],
  records: readonly gmail_v1.Schema$History[],
): AsyncGenerator<SyncEvent> {
  const changed = new Set<string>();
  for (const record of records) {
    const told = [record.messagesAdded, record.messagesDeleted, record.labelsAdded, record.labelsRemoved];
    for (const change of told.flatMap((some) => some ?? [])) if (change.message?.id) changed.add(change.message.id);
  }
  for (const [id, message] of await getMessages(context, [...changed])) {
    const isHere = message !== undefined && (await isMeant(context, followed, message));
    if (isHere) yield* tell(context, message);
    else yield { type: 'delete', id, subtree: true };
  }
}

/** Only Gmail itself can tell whether a query finds a message: it is asked for the second in which that came. */
async function isMeant(context: GmailContext, followed: readonly string[], message: Message): Promise<boolean> {
  if (!isChosen(message.labelIds ?? [], context.settings, followed)) return false;
  if ((context.settings.query ?? '').trim() === '') return true;
  const time = timeOf(message);
  const second = Math.floor((time?.getTime() ?? 0) / 1000);
  const search = `${searchOf(context.settings)} after:${second - 1} before:${second + 2}`;
  const guard = createPageGuard(PROVIDER);
  for (let from: string | undefined; ; ) {
    const page = await listPage(context, search, undefined, from);
    if (idsOf(page).includes(message.id ?? '')) return true;
    if (!page.nextPageToken) return false;
    guard.next(page.nextPageToken);
    from = page.nextPageToken;
  }
}

function* tell(context: GmailContext, message: Message): Generator<SyncEvent> {
  yield { type: 'upsert', item: messageItem(message) };
  if (context.settings.attachments !== true) return;
  for (const item of attachmentItems(message)) yield { type: 'upsert', item };
}

async function listPage(
  context: GmailContext,
  q: string,
  label: string | undefined,
  pageToken: string | undefined,
): Promise<gmail_v1.Schema$ListMessagesResponse> {
  const { spam = false, trash = false } = context.settings;
  const page = await ask(context, (users, options) =>
    users.messages.list(
      {
        userId: 'me',
        q,
        maxResults: PAGE_SIZE,
        includeSpamTrash: spam || trash,
        ...(label === undefined ? {} : { labelIds: [label] }),
        ...(pageToken === undefined ? {} : { pageToken }),
      },
      options,
    ),
  );
  // Where nothing is found the list is left out: this tells it from an answer of somebody else.
  if (page.messages === undefined && page.resultSizeEstimate === undefined) {
    throw new ConnectorError('transient', `${PROVIDER} sent a page without messages`);
  }
  return page;
}

async function historyPage(
  context: GmailContext,
  startHistoryId: string,
): Promise<gmail_v1.Schema$ListHistoryResponse> {
  try {
    return await ask(context, (users, options) =>
      users.history.list({ userId: 'me', startHistoryId, maxResults: 500 }, options),
    );
  } catch (thrown) {
    if (!isGone(thrown)) throw thrown;
    throw new ConnectorError('cursor-expired', 'The history no longer reaches back so far', { cause: thrown });
  }
}

function idsOf(page: gmail_v1.Schema$ListMessagesResponse): string[] {
  return (page.messages ?? []).flatMap(({ id }) => (id ? [id] : []));
}
