/** Messages as Gmail tells of them without their words. */
import { ask, type GmailContext, isGone } from './client.ts';
import type { Message } from './item.ts';

const PART = 'partId,filename,mimeType,body(attachmentId,size)';
/** Parts lie in parts; masks cannot say “however deep”. */
const PARTS = `${PART},parts(${PART},parts(${PART},parts(${PART},parts(${PART}))))`;
const FIELDS = 'id,threadId,labelIds,internalDate';

/** Gmail counts by the second: more at once only meet its limit sooner. */
const AT_ONCE = 10;

/** Of a message, what an item needs; with its parts where attachments are wanted. @throws ConnectorError */
export async function getMessage(context: GmailContext, id: string): Promise<Message> {
  const { attachments = false } = context.settings;
  const message = await ask(context, (users, options) =>
    users.messages.get(
      attachments
        ? { userId: 'me', id, format: 'full', fields: `${FIELDS},payload(headers,${PARTS})` }
        : {
            userId: 'me',
            id,
            format: 'metadata',
            metadataHeaders: ['Subject', 'From'],
            fields: `${FIELDS},payload(headers)`,
          },
      options,
    ),
  );
  return withDecodedHeaders(message);
}

/** In their order; undefined of those that are gone since they were listed. @throws ConnectorError */
export async function getMessages(
  context: GmailContext,
  ids: readonly string[],
): Promise<(readonly [string, Message | undefined])[]> {
  const found: (readonly [string, Message | undefined])[] = [];
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const some = ids.slice(from, from + AT_ONCE).map(async (id) => [id, await getIfThere(context, id)] as const);
    found.push(...(await Promise.all(some)));
  }
  return found;
}

async function getIfThere(context: GmailContext, id: string): Promise<Message | undefined> {
  try {
    return await getMessage(context, id);
  } catch (thrown) {
    if (!isGone(thrown)) throw thrown;
    return undefined;
  }
}

/** As people see them: most come decoded, those of odd senders do not. */
async function withDecodedHeaders(message: Message): Promise<Message> {
  const { headers } = message.payload ?? {};
  if (headers?.some(({ value }) => value?.includes('=?')) !== true) return message;
  const { decodeWords } = await import('postal-mime');
  const decoded = headers.map(({ name = null, value }) => ({ name, value: decodeWords(value ?? '') }));
  return { ...message, payload: { ...message.payload, headers: decoded } };
}
