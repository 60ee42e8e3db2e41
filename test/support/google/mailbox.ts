/** What a mailbox holds, and its history: state in memory, as messages.list and history.list tell of it. */

export interface FakeMail {
  readonly id: string;
  readonly threadId: string;
  /** As it was sent. */
  readonly raw: string;
  labelIds: string[];
  /** Milliseconds since 1970. */
  readonly internalDate: number;
  readonly attachments: readonly { readonly partId: string; readonly filename: string; readonly content: string }[];
}

interface Change {
  readonly id: number;
  readonly record: Readonly<Record<string, unknown>>;
}

export interface FakeMailbox {
  readonly mails: Map<string, FakeMail>;
  readonly labels: Map<string, string>;
  readonly history: Change[];
  readonly now: () => number;
  readonly add: (mail: {
    readonly raw: string;
    readonly labelIds?: readonly string[];
    readonly internalDate?: number;
    readonly attachments?: FakeMail['attachments'];
  }) => string;
  readonly label: (id: string, added: readonly string[], removed?: readonly string[]) => void;
  /** For good, as after 30 days in the bin. */
  readonly drop: (id: string) => void;
}

const SYSTEM = ['INBOX', 'SENT', 'DRAFT', 'SPAM', 'TRASH', 'CHAT', 'UNREAD', 'STARRED', 'IMPORTANT'];

export function createMailbox(): FakeMailbox {
  const mails = new Map<string, FakeMail>();
  const history: Change[] = [];
  let at = 1000;
  const tell = (record: Record<string, unknown>): void => void history.push({ id: ++at, record });
  const shown = (mail: FakeMail): Record<string, unknown> => ({
    id: mail.id,
    threadId: mail.threadId,
    labelIds: mail.labelIds,
  });
  return {
    mails,
    history,
    labels: new Map(SYSTEM.map((name) => [name, name])),
    now: () => at,
    add({ raw, labelIds = ['INBOX', 'UNREAD'], internalDate, attachments = [] }) {
      const id = (0x18c0_0000_0000 + mails.size + at).toString(16);
      const time = internalDate ?? Date.UTC(2026, 0, 1) + 60_000 * (mails.size + 1);
      const mail = { id, threadId: id, raw, labelIds: [...labelIds], internalDate: time, attachments };
      mails.set(id, mail);
      tell({ messagesAdded: [{ message: shown(mail) }] });
      return id;
    },
    label(id, added, removed = []) {
      const mail = mails.get(id);
      if (mail === undefined) throw new Error(`There is no mail ${id}`);
      mail.labelIds = [...new Set([...mail.labelIds, ...added])].filter((one) => !removed.includes(one));
      if (added.length > 0) tell({ labelsAdded: [{ message: shown(mail), labelIds: added }] });
      if (removed.length > 0) tell({ labelsRemoved: [{ message: shown(mail), labelIds: removed }] });
    },
    drop(id) {
      const mail = mails.get(id);
      if (mail === undefined) return;
      mails.delete(id);
      tell({ messagesDeleted: [{ message: shown(mail) }] });
    },
  };
}

/** The message resource in one of the formats of messages.get, before any mask. */
export function shownMail(mail: FakeMail, format: string): Record<string, unknown> {
  const common = {
    id: mail.id,
    threadId: mail.threadId,
    labelIds: mail.labelIds,
    internalDate: String(mail.internalDate),
    sizeEstimate: mail.raw.length,
    snippet: mail.raw.slice(-40),
  };
  if (format === 'minimal') return common;
  if (format === 'raw') return { ...common, raw: Buffer.from(mail.raw).toString('base64url') };
  const headers = [
    ...mail.raw
      .split(/\r?\n\r?\n/, 1)
      .join('')
      .replaceAll(/\r?\n[ \t]+/g, ' ')
      .matchAll(/^([\w-]+):[ \t]*(.*)$/gm),
  ];
  const payload = { partId: '', filename: '', headers: headers.map(([, name, value]) => ({ name, value })) };
  if (format === 'metadata') return { ...common, payload };
  const parts = mail.attachments.map(({ partId, filename, content }) => ({
    partId,
    filename,
    mimeType: 'application/octet-stream',
    // Another one at every asking.
    body: { attachmentId: `${partId}~${Math.random()}`, size: Buffer.byteLength(content) },
  }));
  const text = { partId: '0', filename: '', mimeType: 'text/plain', body: { size: 1, data: 'eA' } };
  return { ...common, payload: { ...payload, mimeType: 'multipart/mixed', parts: [text, ...parts] } };
}

/** Whether Gmail's search finds the mail, as far as the fake understands its words. @throws for what it does not understand */
export function searches(q: string): (mail: FakeMail) => boolean {
  const tests = [...q.matchAll(/\(([^)]*)\)|(\S+)/g)].map(([, group, word = '']): ((mail: FakeMail) => boolean) => {
    if (group !== undefined) return searches(group);
    const [, no, key, value = ''] = /^(-?)(in|from|subject|after|before|label):(.+)$/.exec(word) ?? [];
    if (key === undefined) return (mail) => mail.raw.toLowerCase().includes(word.toLowerCase());
    const test = (mail: FakeMail): boolean => {
      if (key === 'after') return mail.internalDate / 1000 >= Number(value);
      if (key === 'before') return mail.internalDate / 1000 < Number(value);
      if (key === 'in') return mail.labelIds.includes(value.toUpperCase().replace(/S$/, ''));
      return new RegExp(`^${key}:.*${value}`, 'im').test(mail.raw);
    };
    return (mail) => test(mail) === (no === '');
  });
  return (mail) => tests.every((test) => test(mail));
}
