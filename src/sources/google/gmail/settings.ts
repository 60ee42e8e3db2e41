/** What a source of Gmail may be set to. */
import { type Static, Type } from 'typebox';

export const gmailSettings = Type.Object(
  {
    query: Type.String({
      title: 'Query',
      description:
        'Only mail that this finds, in the words of Gmail’s search, such as from:lab@example.org; empty for all.',
      default: '',
      maxLength: 1000,
    }),
    labels: Type.Array(Type.String({ maxLength: 300 }), {
      title: 'Labels',
      description: 'Only mail that has one of these labels, by name; empty for all.',
      default: [],
      maxItems: 100,
    }),
    sent: Type.Boolean({ title: 'Sent mail', description: 'Take what the account itself has sent.', default: true }),
    drafts: Type.Boolean({
      title: 'Drafts',
      description: 'Take drafts, which change until they are sent.',
      default: false,
    }),
    spam: Type.Boolean({ title: 'Spam', description: 'Take what Gmail holds for spam.', default: false }),
    trash: Type.Boolean({
      title: 'Bin',
      description: 'Take what is in the bin; it goes for good after 30 days.',
      default: false,
    }),
    attachments: Type.Boolean({
      title: 'Attachments',
      description: 'Take attachments as items of their own; they are named in the mail anyway.',
      default: false,
    }),
    topic: Type.String({
      title: 'Pub/Sub topic',
      description:
        'Where Gmail tells of new mail, such as projects/P/topics/T, with a push subscription to this hub’s /webhooks/sources/gmail, signed by the service account of CAIRN_OAUTH_GOOGLE_PUSH_ACCOUNT or with ?token= and CAIRN_OAUTH_GOOGLE_SIGNING_SECRET; empty to ask now and then.',
      default: '',
      pattern: '^(projects/[^/]+/topics/[^/]+)?$',
      maxLength: 500,
    }),
  },
  { additionalProperties: false },
);

export type GmailSettings = Partial<Static<typeof gmailSettings>>;

/** What of the settings decides which items there are: a cursor made for another scope is of no use. */
export function scopeOf(settings: GmailSettings): string {
  const { query = '', labels = [], sent = true, drafts = false, spam = false, trash = false } = settings;
  return JSON.stringify([query, [...labels].sort(), sent, drafts, spam, trash, settings.attachments ?? false]);
}

/** The search that finds what the settings choose, but for the labels. Chats are no mail. */
export function searchOf(settings: GmailSettings): string {
  const { query = '', sent = true, drafts = false, spam = false, trash = false } = settings;
  const terms = query.trim() === '' ? [] : [`(${query.trim()})`];
  terms.push('-in:chats');
  if (!sent) terms.push('-in:sent');
  if (!drafts) terms.push('-in:drafts');
  // Gmail hides both or neither.
  if (spam !== trash) terms.push(spam ? '-in:trash' : '-in:spam');
  return terms.join(' ');
}

/** Whether a message that has these labels is chosen, as far as labels tell; `followed` are the ids of chosen ones. */
export function isChosen(labels: readonly string[], settings: GmailSettings, followed: readonly string[]): boolean {
  const { sent = true, drafts = false, spam = false, trash = false } = settings;
  const has = new Set(labels);
  if (has.has('CHAT') || (has.has('SENT') && !sent) || (has.has('DRAFT') && !drafts)) return false;
  if ((has.has('SPAM') && !spam) || (has.has('TRASH') && !trash)) return false;
  return followed.length === 0 || followed.some((label) => has.has(label));
}
