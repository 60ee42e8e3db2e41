/** A message as Markdown, or one of its attachments as it is. */
import { ConnectorError, type Download, type ItemRef } from '../../connector.ts';
import { ask, type GmailContext, PROVIDER } from './client.ts';
import { attachmentsOf, timeOf, versionOf } from './item.ts';
import { labelsOf, lastingLabels } from './labels.ts';
import { mailMarkdown } from './mail-markdown.ts';
import { getMessage } from './messages.ts';

/** @throws ConnectorError conflict where the labels are others than `ref` names */
export function downloadItem(context: GmailContext, ref: ItemRef): Promise<Download> {
  const at = ref.id.indexOf(':');
  return at === -1
    ? downloadMessage(context, ref)
    : downloadAttachment(context, ref.id.slice(0, at), ref.id.slice(at + 1));
}

async function downloadMessage(context: GmailContext, ref: ItemRef): Promise<Download> {
  const message = await ask(context, (users, options) =>
    users.messages.get({ userId: 'me', id: ref.id, format: 'raw' }, options),
  );
  const version = versionOf(message);
  if (ref.version !== undefined && ref.version !== version) {
    throw new ConnectorError('conflict', 'The labels of this mail have been changed since it was listed', {
      hint: 'The next run meets the new ones.',
    });
  }
  if (typeof message.raw !== 'string')
    throw new ConnectorError('transient', `${PROVIDER} sent a mail without its content`);
  const names = await labelsOf(context);
  const text = await mailMarkdown(Buffer.from(message.raw, 'base64url'), {
    date: timeOf(message),
    labels: lastingLabels(message.labelIds).map((id) => names.get(id) ?? id),
    messageId: message.id ?? ref.id,
    threadId: message.threadId ?? '',
  }).catch((cause: unknown) => {
    // It came whole, and will be the same next time.
    throw new ConnectorError('forbidden', 'This mail cannot be read: its parts are not those of a mail', { cause });
  });
  return { ...bytesDownload(Buffer.from(text)), mediaType: 'text/markdown', version, name: `${ref.id}.md` };
}

async function downloadAttachment(context: GmailContext, messageId: string, partId: string): Promise<Download> {
  const withParts = { ...context, settings: { ...context.settings, attachments: true } };
  const message = await getMessage(withParts, messageId);
  const part = attachmentsOf(message).find((one) => one.partId === partId);
  const id = part?.attachmentId;
  if (part === undefined || id === undefined) throw new ConnectorError('not-found', 'The mail has no such attachment');
  const { data } = await ask(context, (users, options) =>
    users.messages.attachments.get({ userId: 'me', messageId, id }, options),
  );
  if (typeof data !== 'string') throw new ConnectorError('transient', `${PROVIDER} sent an attachment without content`);
  const content = Buffer.from(data, 'base64url');
  if (part.size !== undefined && part.size !== content.length) {
    throw new ConnectorError('transient', `${PROVIDER} sent ${content.length} of ${part.size} bytes`);
  }
  return { ...bytesDownload(content), mediaType: part.mediaType, version: '1' };
}

function bytesDownload(content: Uint8Array): Pick<Download, 'body' | 'size'> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(content);
      controller.close();
    },
  });
  return { body, size: content.length };
}
