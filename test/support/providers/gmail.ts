/** Gmail on the loopback: messages, labels, history and watches, as API v1 documents them. */
import type { ConnectorContext } from '../../../src/sources/connector.ts';
import type { GmailSettings } from '../../../src/sources/google/gmail/settings.ts';
import { contextOver } from '../fake-context.ts';
import { masked } from '../google/drive-query.ts';
import { googleError, isTokenRequest, limited, refusedToken, tokenAnswer } from '../google/google-answers.ts';
import { createMailbox, type FakeMail, type FakeMailbox, searches, shownMail } from '../google/mailbox.ts';
import { type FakeAnswer, type FakeRequest, type HttpFake, openHttpFake } from '../http-fake.ts';
import type { ProviderFake, ProviderPlace } from '../provider-fake.ts';

type MailContext = ConnectorContext<Required<GmailSettings>>;

export interface FakeGmail extends ProviderPlace {
  readonly mailbox: FakeMailbox;
  readonly context: (signal?: AbortSignal) => MailContext;
  readonly contextWith: (settings: GmailSettings) => MailContext;
  /** What was asked of users.watch, while it holds. */
  readonly watched: Record<string, unknown>[];
  /** Those that a listing tells and messages.get no longer finds. */
  readonly vanished: Set<string>;
}

export async function openGmail({ pageSize = 100 }: { readonly pageSize?: number } = {}): Promise<FakeGmail> {
  const mailbox = createMailbox();
  const state: State = { mailbox, pageSize, watched: [], vanished: new Set(), strikes: () => false };
  const fake = await openHttpFake({
    origins: ['https://gmail.googleapis.com', 'https://www.googleapis.com', 'https://oauth2.googleapis.com'],
    pointOf,
    tokenOf: (request) => (isTokenRequest(request) ? null : bearer(request)),
    refused: refusedToken,
    limited: limited(429),
    broken: (status) => googleError(status, 'backendError', 'Backend Error'),
    answer: (request) => answer(state, request),
  });
  state.strikes = fake.strikes;
  const contextWith = (some: GmailSettings, signal?: AbortSignal): MailContext => {
    const settings = { ...DEFAULTS, ...some };
    return { ...contextOver(fake, { settings, signal }), settings };
  };
  const paths = new Map<string, string>();
  return {
    ...fake.place,
    mailbox,
    watched: state.watched,
    vanished: state.vanished,
    contextWith,
    context: (signal) => contextWith({}, signal),
    put: async (path, content) => {
      const known = paths.get(path);
      // Mail never changes but for its labels.
      if (known !== undefined) {
        mailbox.label(known, [`Label_${mailbox.now()}`]);
        return known;
      }
      const text = Buffer.from(content).toString('utf8');
      const id = mailbox.add({ raw: plainMail(path, text) });
      paths.set(path, id);
      return id;
    },
    remove: async (path) => {
      for (const [at, id] of paths) if (at === path || at.startsWith(`${path}/`)) mailbox.label(id, ['TRASH']);
    },
  };
}

const fake: ProviderFake = {
  connector: 'gmail',
  impossible: {
    lie: 'Gmail tells no hash and no size of what it sends.',
  },
  open: openGmail,
};
export default fake;

/** A mail of plain text. */
export function plainMail(subject: string, text: string, headers: readonly string[] = []): string {
  return [
    'From: Ada Lovelace <ada@example.org>',
    'To: lab@example.org',
    `Subject: =?utf-8?B?${Buffer.from(subject).toString('base64')}?=`,
    'Date: Thu, 01 Jan 2026 00:00:00 +0000',
    `Message-ID: <${Buffer.from(subject).toString('hex').slice(0, 40)}@example.org>`,
    ...headers,
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\r\n'),
  ].join('\r\n');
}

const DEFAULTS: Required<GmailSettings> = {
  query: '',
  labels: [],
  sent: true,
  drafts: false,
  spam: false,
  trash: false,
  attachments: false,
  topic: '',
};

interface State {
  readonly mailbox: FakeMailbox;
  readonly pageSize: number;
  readonly watched: Record<string, unknown>[];
  readonly vanished: Set<string>;
  strikes: HttpFake['strikes'];
}

function bearer(request: FakeRequest): string | undefined {
  return /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
}

function pointOf({ url }: FakeRequest): 'list' | 'download' | undefined {
  if (url.searchParams.get('format') === 'raw' || url.pathname.includes('/attachments/')) return 'download';
  return /\/users\/me\/(?:messages|history)$/.test(url.pathname) ? 'list' : undefined;
}

function answer(state: State, request: FakeRequest): FakeAnswer {
  const { mailbox } = state;
  const { pathname, searchParams: query } = request.url;
  if (isTokenRequest(request)) return tokenAnswer(request, 'fake-token-1', false);
  const [, resource, id, , partId] =
    /^\/gmail\/v1\/users\/me\/(\w+)(?:\/([^/]+))?(?:\/(attachments)\/([^/]+))?$/.exec(pathname) ?? [];
  const historyId = String(mailbox.now());
  if (resource === 'profile') {
    return { body: { emailAddress: 'Ada@example.org', messagesTotal: mailbox.mails.size, historyId } };
  }
  if (resource === 'labels') return { body: { labels: [...mailbox.labels].map(([own, name]) => ({ id: own, name })) } };
  if (resource === 'watch') {
    state.watched.push(JSON.parse(request.body.toString('utf8')));
    return { body: { historyId, expiration: String(Date.now() + 7 * 24 * 3_600_000) } };
  }
  if (resource === 'stop') {
    state.watched.splice(0);
    return { status: 204 };
  }
  if (resource === 'history') return listHistory(state, query);
  if (resource !== 'messages') return googleError(404, 'notFound', 'Not Found');
  if (id === undefined) return listMessages(state, query);
  const mail = mailbox.mails.get(id);
  if (mail === undefined || state.vanished.has(id))
    return googleError(404, 'notFound', 'Requested entity was not found.');
  if (partId !== undefined) {
    const part = mail.attachments.find((one) => decodeURIComponent(partId).startsWith(`${one.partId}~`));
    if (part === undefined) return googleError(400, 'invalidArgument', 'Invalid attachment token');
    const data = Buffer.from(part.content).toString('base64url');
    return { body: { size: Buffer.byteLength(part.content), data } };
  }
  return { body: masked(shownMail(mail, query.get('format') ?? 'full'), query.get('fields') ?? '*') };
}

function page<T>(state: State, all: readonly T[], token: string | null): { some: readonly T[]; next?: string } {
  const from = Number(token ?? 0);
  const some = all.slice(from, from + state.pageSize);
  const isAgain = state.strikes('repeat-for-ever', 'list') || state.strikes('duplicate-page', 'list');
  if (isAgain) return { some, next: String(from) };
  return from + some.length < all.length ? { some, next: String(from + some.length) } : { some };
}

function listMessages(state: State, query: URLSearchParams): FakeAnswer {
  const test = searches(query.get('q') ?? '');
  const labels = query.getAll('labelIds');
  const hasHidden = query.get('includeSpamTrash') === 'true';
  const isShown = (mail: FakeMail): boolean =>
    (hasHidden || !mail.labelIds.some((label) => label === 'SPAM' || label === 'TRASH')) &&
    labels.every((label) => mail.labelIds.includes(label)) &&
    test(mail);
  const found = [...state.mailbox.mails.values()].filter(isShown).toSorted((a, b) => b.internalDate - a.internalDate);
  const { some, next } = page(state, found, query.get('pageToken'));
  const messages = some.map(({ id, threadId }) => ({ id, threadId }));
  return {
    body: {
      ...(messages.length > 0 ? { messages } : {}),
      ...(next === undefined ? {} : { nextPageToken: next }),
      resultSizeEstimate: found.length,
    },
  };
}

function listHistory(state: State, query: URLSearchParams): FakeAnswer {
  const { mailbox } = state;
  const from = Number(query.get('startHistoryId'));
  // A history is kept for about a week; what is older, or was never given out, is not found.
  if (state.strikes('cursor-lost', 'list') || !(from >= 1000 && from <= mailbox.now())) {
    return googleError(404, 'notFound', 'Requested entity was not found.');
  }
  const { some, next } = page(
    state,
    mailbox.history.filter((change) => change.id > from),
    query.get('pageToken'),
  );
  const history = some.map(({ id, record }) => ({ id: String(id), ...record }));
  return {
    body: {
      ...(history.length > 0 ? { history } : {}),
      ...(next === undefined ? {} : { nextPageToken: next }),
      historyId: String(mailbox.now()),
    },
  };
}
