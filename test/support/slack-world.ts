/** A workspace in memory: channels, messages, threads, files; times that count up, so that no test depends on the clock's step. */

export interface FakeFile {
  readonly id: string;
  readonly name: string;
  readonly mimetype: string;
  readonly timestamp: number;
  readonly content: Uint8Array;
}

export interface FakeMessage {
  readonly ts: string;
  readonly user: string;
  readonly text: string;
  readonly thread_ts?: string;
  readonly subtype?: string;
  readonly edited?: { readonly user: string; readonly ts: string };
  readonly files: readonly FakeFile[];
}

export interface FakeChannel {
  readonly id: string;
  readonly name: string;
  readonly is_member: boolean;
  readonly is_private: boolean;
  readonly is_archived: boolean;
}

export interface SlackWorld {
  /** Whether the scopes groups:read or files:read are missing. */
  lacksGroups: boolean;
  lacksFiles: boolean;
  readonly users: Map<string, object>;
  readonly channels: () => readonly FakeChannel[];
  readonly channel: (name: string, rest?: Partial<FakeChannel>) => FakeChannel;
  readonly join: (id: string) => void;
  /** Writes a message, in Slack's own markup, and returns it; `at`: milliseconds, a little later than the last unless given. */
  readonly say: (channel: string, text: string, rest?: Partial<FakeMessage>, at?: number) => FakeMessage;
  readonly edit: (channel: string, ts: string, text: string) => void;
  readonly drop: (channel: string, ts: string) => void;
  /** Top-level messages and broadcasts, newest first, as a history tells them. */
  readonly history: (channelId: string) => readonly (FakeMessage & { readonly reply_count?: number })[];
  readonly thread: (channelId: string, ts: string) => readonly FakeMessage[];
  readonly file: (id: string) => FakeFile | undefined;
  readonly put: (path: string, content: string | Uint8Array) => string;
  readonly remove: (path: string) => void;
}

export function createSlackWorld(): SlackWorld {
  const channels = new Map<string, FakeChannel>();
  const messages = new Map<string, FakeMessage[]>();
  const ids = new Map<string, { readonly id: string; readonly channel: string; readonly ts: string }>();
  let count = 0;
  let now = Date.now() - 3_600_000;
  const next = (at?: number): string => {
    count += 1;
    now += 1000;
    return `${Math.floor((at ?? now) / 1000)}.${String(count).padStart(6, '0')}`;
  };
  const of = (channel: string): FakeMessage[] => {
    const list = messages.get(channel) ?? [];
    messages.set(channel, list);
    return list;
  };
  const change = (channelId: string, ts: string, into: (message: FakeMessage) => FakeMessage | undefined): void => {
    messages.set(
      channelId,
      of(channelId).flatMap((message) => (message.ts === ts ? (into(message) ?? []) : [message])),
    );
  };
  const world: SlackWorld = {
    lacksGroups: false,
    lacksFiles: false,
    users: new Map([['U1', { id: 'U1', name: 'ada', profile: { display_name: 'Ada Byron' } }]]),
    channels: () => [...channels.values()],
    channel(name, rest = {}) {
      const found = [...channels.values()].find((channel) => channel.name === name);
      const channel = {
        id: `C${channels.size + 1}`,
        name,
        is_member: true,
        is_private: false,
        is_archived: false,
        ...found,
        ...rest,
      };
      channels.set(channel.id, channel);
      return channel;
    },
    join: (id) => {
      const found = channels.get(id);
      if (found !== undefined) channels.set(id, { ...found, is_member: true });
    },
    say(channel, text, rest = {}, at) {
      const message = { ts: next(at), user: 'U1', text, files: [], ...rest };
      of(world.channel(channel).id).push(message);
      return message;
    },
    edit: (channel, ts, text) =>
      change(world.channel(channel).id, ts, (message) => ({ ...message, text, edited: { user: 'U1', ts: next() } })),
    drop: (channel, ts) => change(world.channel(channel).id, ts, () => undefined),
    history: (channelId) =>
      of(channelId)
        .filter(
          ({ ts, thread_ts, subtype }) => thread_ts === undefined || thread_ts === ts || subtype === 'thread_broadcast',
        )
        .map((message) => {
          const replies = of(channelId).filter(({ ts, thread_ts }) => thread_ts === message.ts && ts !== message.ts);
          const latest = replies.at(-1)?.ts;
          if (latest === undefined) return message;
          return { ...message, thread_ts: message.ts, reply_count: replies.length, latest_reply: latest };
        })
        .sort((left, right) => (left.ts < right.ts ? 1 : -1)),
    thread: (channelId, ts) => of(channelId).filter((message) => message.ts === ts || message.thread_ts === ts),
    file: (id) =>
      [...messages.values()]
        .flat()
        .flatMap(({ files }) => files)
        .find((file) => file.id === id),
    put(path, content) {
      const typed = Buffer.from(content).toString('utf8');
      const text = typed.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
      const channel = path.includes('/') ? (path.split('/')[0] ?? '') : 'general';
      const known = ids.get(path);
      if (known !== undefined) {
        world.edit(channel, known.ts, text);
        return known.id;
      }
      const { id: channelId } = world.channel(channel);
      const { ts } = world.say(channel, text);
      world.say(channel, 'Seen.', { thread_ts: ts });
      const id = `${channelId}:${ts}`;
      ids.set(path, { id, channel, ts });
      return id;
    },
    remove(path) {
      for (const [known, { channel, ts }] of ids) {
        if (known !== path && !known.startsWith(`${path}/`)) continue;
        for (const message of world.thread(world.channel(channel).id, ts)) world.drop(channel, message.ts);
        ids.delete(known);
      }
    },
  };
  return world;
}
