/** The fake of the example connector: a shelf of notes on the loopback. Copy it for a new connector, under that connector's id. */
import { createHash } from 'node:crypto';
import { contextOver } from '../fake-context.ts';
import { type FakeAnswer, type FakeRequest, openHttpFake } from '../http-fake.ts';
import type { ProviderFake } from '../provider-fake.ts';

const ORIGIN = 'https://notes.example.com';

interface Note {
  readonly id: string;
  readonly revision: string;
  readonly content: Buffer;
}

const fake: ProviderFake = {
  connector: 'example',
  impossible: {
    'expired-token': 'its tokens do not expire',
    'cursor-lost': 'it pages by ids, which are never too old',
  },
  async open({ pageSize = 100 } = {}) {
    /** By name. */
    const notes = new Map<string, Note>();
    let count = 0;

    const page = (after: string): FakeAnswer => {
      const repeats = http.strikes('repeat-for-ever', 'list');
      const all = [...notes].sort(([, a], [, b]) => (a.id < b.id ? -1 : 1));
      const rest = all.filter(([, note]) => note.id > after);
      const shown = rest.slice(0, pageSize);
      const last = shown.at(-1)?.[1].id ?? after;
      const again = http.strikes('duplicate-page', 'list');
      const next = repeats ? after : again ? after : rest.length > pageSize ? last : null;
      return {
        body: {
          notes: shown.map(([name, { id, revision, content }]) => ({
            id,
            name,
            revision,
            bytes: content.length,
            sha256: createHash('sha256').update(content).digest('hex'),
          })),
          next,
        },
      };
    };
    const one = (id: string): FakeAnswer => {
      const note = [...notes.values()].find((other) => other.id === id);
      if (note === undefined) return { status: 404, body: { error: 'no such note' } };
      return { headers: { etag: note.revision }, body: note.content };
    };
    const idOf = ({ url }: FakeRequest): string | undefined => /^\/notes\/(.+)$/.exec(url.pathname)?.[1];

    const http = await openHttpFake({
      origins: [ORIGIN],
      pointOf: (request) => (idOf(request) === undefined ? 'list' : 'download'),
      answer: (request) => {
        const id = idOf(request);
        return id === undefined ? page(request.url.searchParams.get('after') ?? '') : one(decodeURIComponent(id));
      },
      refused: () => ({ status: 401, body: { error: 'unknown token' } }),
    });
    const { accessToken } = await http.tokens.auth.get();

    return {
      ...http.place,
      context: (signal) =>
        contextOver(http, { settings: { address: ORIGIN, folder: '' }, keys: { token: accessToken }, signal }),
      async put(path, content) {
        count += 1;
        const id = notes.get(path)?.id ?? `note-${String(count).padStart(6, '0')}`;
        notes.set(path, { id, revision: `r${count}`, content: Buffer.from(content) });
        return id;
      },
      async remove(path) {
        for (const name of [...notes.keys()]) if (name === path || name.startsWith(`${path}/`)) notes.delete(name);
      },
      async move(from, to) {
        const note = notes.get(from);
        if (note === undefined) throw new Error(`There is no note ${from}`);
        notes.delete(from);
        notes.set(to, { ...note, id: `note-${String(++count).padStart(6, '0')}`, revision: `r${count}` });
      },
    };
  },
};

export default fake;
