/** What is told and read of a mailbox: choices, labels, history, attachments, any mail that can come. */
import { afterEach, expect, test } from 'vitest';
import { parseMarkdown } from '../../../src/ingest/read/markdown.ts';
import type { RemoteItem, SyncEvent } from '../../../src/sources/connector.ts';
import connector from '../../../src/sources/connectors/gmail.ts';
import type { GmailSettings } from '../../../src/sources/google/gmail/settings.ts';
import { createFollower, type Follower, failure, fetchItem } from '../../support/follower.ts';
import { type FakeGmail, openGmail, plainMail } from '../../support/providers/gmail.ts';

const places: FakeGmail[] = [];
afterEach(async () => {
  await Promise.all(places.splice(0).map((place) => place.close()));
});

async function open(settings: GmailSettings = {}): Promise<{ place: FakeGmail; follower: Follower }> {
  const place = await openGmail({ pageSize: 3 });
  places.push(place);
  return { place, follower: createFollower(connector, () => place.contextWith(settings)) };
}

const names = (follower: Follower): string[] => [...follower.world.values()].map(({ name }) => name).sort();

function itemOf(follower: Follower, id: string): RemoteItem {
  const item = follower.world.get(id);
  if (item === undefined) throw new Error(`${id} was not told of`);
  return item;
}

async function read(place: FakeGmail, follower: Follower, id: string): Promise<{ front: unknown; text: string }> {
  const parsed = await parseMarkdown(String(await fetchItem(connector, place.context(), itemOf(follower, id))));
  if ('fault' in parsed) throw new Error(parsed.fault);
  return { front: parsed.value.front_matter, text: parsed.value.text };
}

test('a mail is Markdown with its headers as front matter, its time is Gmail’s and not the sender’s', async () => {
  const { place, follower } = await open();
  place.mailbox.labels.set('Label_7', 'Projects/Ärzte');
  const id = place.mailbox.add({
    raw: plainMail('Zwischen­stand: ok?', 'Hello\n\nall well.', ['Cc: "B, C" <b@example.org>', 'Date: tomorrow']),
    labelIds: ['INBOX', 'UNREAD', 'Label_7'],
    internalDate: Date.UTC(2026, 4, 6, 7, 8, 9),
  });
  await follower.follow();
  expect(itemOf(follower, id)).toMatchObject({
    kind: 'message',
    path: `2026/05/2026-05-06 Zwischen­stand: ok? (${id}).md`,
    author: 'Ada Lovelace <ada@example.org>',
    modifiedAt: new Date(Date.UTC(2026, 4, 6, 7, 8, 9)),
  });
  const { front, text } = await read(place, follower, id);
  expect(front).toMatchObject({
    from: 'Ada Lovelace <ada@example.org>',
    to: ['lab@example.org'],
    cc: ['B, C <b@example.org>'],
    date: '2026-05-06T07:08:09.000Z',
    subject: 'Zwischen­stand: ok?',
    labels: ['Projects/Ärzte'],
    message_id: expect.stringMatching(/^<.+@example\.org>$/),
    thread: id,
  });
  expect(text).toContain('From: Ada Lovelace');
  expect(text).toMatch(/Hello\n\nall well\.\n*$/);
});

test('a mail that is only a page is read as Markdown, and its attachments are named', async () => {
  const { place, follower } = await open();
  const raw = [
    'From: a@example.org\r\nSubject: Page\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n',
    '--x\r\nContent-Type: text/html; charset=utf-8\r\n',
    '<style>p{}</style><h1>News</h1><p>Some <b>bold</b> words</p><script>evil()</script>',
    '--x\r\nContent-Type: text/csv; name="data.csv"\r\nContent-Disposition: attachment; filename="data.csv"\r\n',
    'a,b\r\n1,2',
    '--x--',
  ].join('\r\n');
  const id = place.mailbox.add({ raw });
  const deep = place.mailbox.add({
    raw: `Subject: deep\r\nContent-Type: text/html\r\n\r\n${'<div>'.repeat(20_000)}words at the bottom${'</div>'.repeat(20_000)}`,
  });
  await follower.follow();
  const { text, front } = await read(place, follower, id);
  expect(text).toContain('# News\n\nSome **bold** words');
  expect(text).not.toContain('evil');
  expect(text).toContain('- data.csv (text/csv, 8 bytes)');
  expect(front).toMatchObject({ attachments: ['data.csv'] });
  expect((await read(place, follower, deep)).text).toContain('words at the bottom');
});

test('attachments are items of their own where that is set, each its bytes, and go with their mail', async () => {
  const { place, follower } = await open({ attachments: true });
  const id = place.mailbox.add({
    raw: plainMail('With files', 'see below'),
    attachments: [
      { partId: '1', filename: 'queue.csv', content: 'a,b\n' },
      { partId: '2', filename: 'queue.csv', content: 'c,d\n' },
      { partId: '3.1', filename: '../up/a.txt', content: 'up' },
    ],
  });
  await follower.follow();
  const paths = ['1', '2', '3.1'].map((part) => itemOf(follower, `${id}:${part}`).path?.split('/').slice(3));
  expect(paths).toEqual([['queue.csv'], ['2 queue.csv'], ['..∕up∕a.txt']]);
  const second = itemOf(follower, `${id}:2`);
  expect(second).toMatchObject({ kind: 'file', size: 4, parentId: id });
  expect(String(await fetchItem(connector, place.context(), second))).toBe('c,d\n');
  place.mailbox.drop(id);
  await follower.follow();
  expect(names(follower)).toEqual([]);
  expect(await failure(fetchItem(connector, place.context(), second))).toMatchObject({ kind: 'not-found' });
});

test('drafts, sent mail, spam, the bin and chats are choices, in a listing and in what changed alike', async () => {
  const kinds = { inbox: 'INBOX', sent: 'SENT', draft: 'DRAFT', spam: 'SPAM', bin: 'TRASH', chat: 'CHAT' };
  const cases: [GmailSettings, string[]][] = [
    [{}, ['inbox', 'sent']],
    [{ sent: false, drafts: true }, ['draft', 'inbox']],
    [{ spam: true }, ['inbox', 'sent', 'spam']],
    [{ trash: true, sent: false }, ['bin', 'inbox']],
  ];
  for (const [settings, expected] of cases) {
    const { place, follower } = await open(settings);
    const addAll = (): void => {
      for (const [name, label] of Object.entries(kinds))
        place.mailbox.add({ raw: plainMail(name, name), labelIds: [label] });
    };
    addAll();
    await follower.follow();
    expect(names(follower)).toEqual(expected);
    addAll();
    await follower.follow();
    expect(names(follower)).toEqual([...expected, ...expected].sort());
  }
});

test('chosen labels and a query hold for what changes too; reading a mail changes nothing', async () => {
  const { place, follower } = await open({ labels: ['lab', 'Team'], query: 'from:ada' });
  const { mailbox } = place;
  mailbox.labels.set('Label_1', 'Lab').set('Label_2', 'Team');
  const one = mailbox.add({ raw: plainMail('one', 'x'), labelIds: ['INBOX', 'Label_1', 'Label_2', 'UNREAD'] });
  const other = mailbox.add({ raw: plainMail('other', 'x'), labelIds: ['INBOX'] });
  await follower.follow();
  expect(names(follower)).toEqual(['one']);
  const before = itemOf(follower, one).version;
  mailbox.label(one, ['STARRED'], ['UNREAD', 'INBOX']);
  mailbox.label(other, ['Label_2']);
  const stranger = plainMail('stranger', 'x').replace(/^From:.*$/m, 'From: bob@example.org');
  mailbox.add({ raw: stranger, labelIds: ['Label_1'] });
  await follower.follow();
  expect(names(follower)).toEqual(['one', 'other']);
  expect(itemOf(follower, one).version).toBe(before);
  mailbox.label(one, [], ['Label_1']);
  mailbox.label(other, [], ['Label_2']);
  await follower.follow();
  expect(names(follower)).toEqual(['one']);
  expect(itemOf(follower, one).version).not.toBe(before);
  const missing = connector.check(place.contextWith({ labels: ['nobody'] }));
  expect(await failure(missing)).toMatchObject({ kind: 'config', message: expect.stringContaining('nobody') });
});

test('a mail that goes between listing and asking is left out; long histories go on in their middle', async () => {
  const { place, follower } = await open();
  const { mailbox } = place;
  const ids = ['a', 'b', 'c', 'd'].map((name) => mailbox.add({ raw: plainMail(name, name) }));
  place.vanished.add(ids[1] ?? '');
  await follower.follow();
  expect(names(follower)).toEqual(['a', 'c', 'd']);
  for (let number = 0; number < 8; number += 1) mailbox.add({ raw: plainMail(`e${number}`, 'x') });
  const told: SyncEvent[] = [];
  for await (const event of connector.listChanges(follower.cursor(), place.context())) {
    told.push(event);
    if (event.type === 'checkpoint') break;
  }
  const rest = await follower.follow({
    from: told.flatMap((event) => (event.type === 'checkpoint' ? [event.cursor] : []))[0] ?? '',
  });
  const upserts = [...told, ...rest].filter(({ type }) => type === 'upsert');
  expect(upserts).toHaveLength(8);
});

test('any mail can come: no headers, no subject, other charsets, parts without end, names that are none', async () => {
  const { place, follower } = await open();
  const nested = (depth: number): string =>
    Array.from({ length: depth }, (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}`).join(
      '\r\n',
    );
  const mails = {
    empty: '',
    bare: 'just words without headers',
    latin: `Subject: latin\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nGr=FC=DFe`,
    long: plainMail('s'.repeat(3000), 'x'),
    slashes: plainMail('../../etc/passwd', 'x'),
    nul: 'Subject: a\u0000b\r\nFrom: x\u0000y\r\n\r\nwo\u0000rds',
    front: plainMail('front', '---\ntitle: not mine\n---\nwords'),
  };
  const ids = Object.fromEntries(Object.entries(mails).map(([name, raw]) => [name, place.mailbox.add({ raw })]));
  const endless = place.mailbox.add({ raw: nested(300) });
  await follower.follow();
  for (const id of Object.values(ids)) {
    const { path = '', name } = itemOf(follower, id);
    expect(path.split('/')).toHaveLength(3);
    expect(`${path}${name}`).not.toContain('\u0000');
    expect(JSON.stringify(await read(place, follower, id))).not.toContain('\\u0000');
  }
  expect(itemOf(follower, ids['empty'] ?? '').name).toBe('(no subject)');
  expect((await read(place, follower, ids['latin'] ?? '')).text).toContain('Grüße');
  expect((await read(place, follower, ids['front'] ?? '')).front).toMatchObject({ title: 'front' });
  expect(await failure(read(place, follower, endless))).toMatchObject({ kind: 'forbidden' });
});
