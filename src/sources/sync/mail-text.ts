/** A mail as text: who wrote what to whom, then the words; attachments are named. */
import PostalMime from 'postal-mime';
import type { JsonObject } from '../../kernel/json.ts';
import { type DocumentText, kept } from './kept-text.ts';

export async function mailText(bytes: Buffer): Promise<DocumentText> {
  const mail = await PostalMime.parse(bytes, { maxNestingDepth: 50 });
  const from = addressOf(mail.from);
  const headers: Record<string, string | undefined> = {
    from,
    to: mail.to?.map(addressOf).join(', '),
    cc: mail.cc?.map(addressOf).join(', '),
    date: mail.date,
    subject: mail.subject,
    message_id: mail.messageId,
    in_reply_to: mail.inReplyTo,
    attachments:
      mail.attachments.length === 0
        ? undefined
        : mail.attachments.map(({ filename }) => filename ?? 'unnamed').join(', '),
  };
  const told = Object.entries(headers).flatMap(([name, value]) => (value ? [[name, clean(value)] as const] : []));
  const shown = told
    .filter(([name]) => SHOWN.has(name))
    .map(([name, value]) => `${name[0]?.toUpperCase()}${name.slice(1)}: ${value}`);
  const words = mail.text ?? (mail.html === undefined ? '' : (await import('./html-text.ts')).htmlText(mail.html).text);
  const frontMatter: JsonObject = Object.fromEntries(told);
  return kept({
    text: `${shown.join('\n')}\n\n${words.trim()}\n`,
    fault: null,
    title: mail.subject,
    author: from,
    frontMatter,
  });
}

const SHOWN = new Set(['from', 'to', 'cc', 'date', 'subject', 'attachments']);

const clean = (text: string): string => text.replaceAll('\0', '').toWellFormed();

function addressOf(
  mailbox: { readonly name?: string; readonly address?: string | undefined } | undefined,
): string | undefined {
  if (mailbox === undefined) return undefined;
  const { name = '', address = '' } = mailbox;
  return name === '' ? address : `${name} <${address}>`;
}
