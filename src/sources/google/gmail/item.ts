/** A message as an item, and its attachments as items below it. */
import type { gmail_v1 } from '@googleapis/gmail';
import type { RemoteItem } from '../../connector.ts';
import { pathPart } from '../../kit/paths.ts';
import { lastingLabels } from './labels.ts';

export type Message = gmail_v1.Schema$Message;
type Part = gmail_v1.Schema$MessagePart;

export interface AttachmentPart {
  /** Stays, as the message does; Gmail’s own `attachmentId` is another at every asking. */
  readonly partId: string;
  readonly attachmentId: string | undefined;
  readonly name: string;
  readonly mediaType: string | undefined;
  readonly size: number | undefined;
}

/** Characters; a subject may be a page long. */
const LONGEST_SUBJECT = 100;

/** The words of a mail never change, so its lasting labels alone make its version. */
export function versionOf(message: Message): string {
  return ['1', ...lastingLabels(message.labelIds)].join(' ');
}

export function subjectOf(message: Message): string {
  return headerOf(message, 'subject')?.trim() || '(no subject)';
}

/** When Gmail got it: the Date header is the sender’s, and may be anything. */
export function timeOf(message: Message): Date | undefined {
  const time = Number(message.internalDate ?? Number.NaN);
  return Number.isFinite(time) ? new Date(time) : undefined;
}

export function messageItem(message: Message): RemoteItem {
  return {
    id: message.id ?? '',
    kind: 'message',
    name: shown(subjectOf(message)),
    path: `${pathOf(message)}.md`,
    version: versionOf(message),
    mediaType: 'text/markdown',
    modifiedAt: timeOf(message),
    url: `https://mail.google.com/mail/#all/${message.id ?? ''}`,
    author: headerOf(message, 'from'),
    hasContent: true,
  };
}

export function attachmentItems(message: Message): RemoteItem[] {
  const taken = new Set<string>();
  return attachmentsOf(message).map((part) => {
    const plain = pathPart(part.name);
    const own = taken.has(plain) ? `${part.partId} ${plain}` : plain;
    taken.add(plain);
    return {
      id: `${message.id}:${part.partId}`,
      kind: 'file',
      name: shown(part.name),
      parentId: message.id ?? undefined,
      path: `${pathOf(message)}/${own}`,
      version: '1',
      mediaType: part.mediaType,
      size: part.size,
      modifiedAt: timeOf(message),
      author: headerOf(message, 'from'),
      hasContent: true,
    };
  });
}

/** The parts that have a file name, however deep; parts within parts end where Gmail was not asked further. */
export function attachmentsOf(message: Message): AttachmentPart[] {
  const found: AttachmentPart[] = [];
  const waiting: Part[] = message.payload ? [message.payload] : [];
  for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
    waiting.unshift(...(part.parts ?? []));
    if (!part.filename || !part.partId) continue;
    found.push({
      partId: part.partId,
      attachmentId: part.body?.attachmentId ?? undefined,
      name: part.filename,
      mediaType: part.mimeType ?? undefined,
      size: part.body?.size ?? undefined,
    });
  }
  return found;
}

function headerOf(message: Message, name: string): string | undefined {
  const found = message.payload?.headers?.find((header) => header.name?.toLowerCase() === name);
  return found?.value == null ? undefined : shown(found.value);
}

/** By year and month, then the day, the subject and the id: subjects repeat. */
function pathOf(message: Message): string {
  const day = timeOf(message)?.toISOString().slice(0, 10) ?? '0000-00-00';
  const subject = pathPart(subjectOf(message).slice(0, LONGEST_SUBJECT).trim());
  return `${day.slice(0, 4)}/${day.slice(5, 7)}/${day} ${subject} (${message.id})`;
}

function shown(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '␀');
}
