/** A mail as Markdown: its headers as front matter and, for people and searches, above its words. */
import type { Address, Email } from 'postal-mime';
import { stringify } from 'yaml';

/** What of a mail stands not in the mail itself. */
export interface MailFacts {
  /** When it came; the header’s date is the sender’s. */
  readonly date: Date | undefined;
  /** By name. */
  readonly labels: readonly string[];
  readonly messageId: string;
  readonly threadId: string;
}

/** @throws where the mail’s parts lie in each other without end */
export async function mailMarkdown(raw: Uint8Array, facts: MailFacts): Promise<string> {
  const { default: PostalMime } = await import('postal-mime');
  const mail = await PostalMime.parse(raw, { maxNestingDepth: 100 });
  const front = frontOf(mail, facts);
  const shown = ['from', 'to', 'cc', 'date', 'subject'].flatMap((name) => {
    const value = front[name];
    return value === undefined ? [] : [`${name[0]?.toUpperCase()}${name.slice(1)}: ${[value].flat().join(', ')}`];
  });
  const attached = mail.attachments.map(({ filename, mimeType, content }) => {
    return `- ${filename ?? 'unnamed'} (${mimeType}, ${sizeOf(content)} bytes)`;
  });
  const parts = [
    // Without folding, or long addresses would come out with line ends in them.
    `---\n${stringify(front, { lineWidth: 0 })}---`,
    shown.join('  \n'),
    (await wordsOf(mail)).trim(),
    attached.length === 0 ? '' : `Attachments:\n\n${attached.join('\n')}`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`.toWellFormed().replaceAll('\u0000', '');
}

function frontOf(mail: Email, facts: MailFacts): Record<string, string | string[] | undefined> {
  const from = mail.from === undefined ? undefined : addressText(mail.from);
  const front: Record<string, string | string[] | undefined> = {
    title: mail.subject?.trim() || '(no subject)',
    author: from,
    from,
    to: mail.to?.map(addressText),
    cc: mail.cc?.map(addressText),
    date: facts.date?.toISOString(),
    subject: mail.subject?.trim() || undefined,
    labels: facts.labels.length === 0 ? undefined : [...facts.labels],
    message_id: mail.messageId,
    in_reply_to: mail.inReplyTo,
    gmail_id: facts.messageId,
    thread: facts.threadId,
    attachments:
      mail.attachments.length === 0 ? undefined : mail.attachments.map(({ filename }) => filename ?? 'unnamed'),
  };
  const told = Object.entries(front).filter(([, value]) => value !== undefined && value.length > 0);
  return Object.fromEntries(told.map(([name, value]) => [name, cleaned(value)]));
}

/** The mail’s own text, or its page as Markdown. */
async function wordsOf(mail: Email): Promise<string> {
  if (mail.text?.trim()) return mail.text.replace(/\r\n?/g, '\n');
  if (mail.html === undefined) return '';
  return (await import('../../sync/html-text.ts')).htmlText(mail.html).text;
}

function addressText(address: Address): string {
  if (address.group !== undefined) return `${address.name}: ${address.group.map(addressText).join(', ')}`;
  return address.name === '' ? address.address : `${address.name} <${address.address}>`;
}

/** No line ends and no NUL within a header’s value. */
function cleaned(value: string | string[] | undefined): string | string[] | undefined {
  if (Array.isArray(value)) return value.map(oneLine);
  return value === undefined ? undefined : oneLine(value);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f]+/g, ' ').toWellFormed();

function sizeOf(content: ArrayBuffer | Uint8Array | string): number {
  return typeof content === 'string' ? content.length : content.byteLength;
}
