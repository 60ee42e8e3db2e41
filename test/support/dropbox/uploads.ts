/** upload, upload sessions and delete_v2. */
import type { FakeAnswer } from '../http-fake.ts';
import { badRequest, routeError, textIn } from './answers.ts';
import { contentHash, metadataOf, type World } from './world.ts';

export interface Uploads {
  readonly upload: (args: unknown, body: Buffer, below: string) => FakeAnswer;
  readonly start: (args: unknown, body: Buffer) => FakeAnswer;
  readonly append: (args: unknown, body: Buffer) => FakeAnswer;
  readonly finish: (args: unknown, body: Buffer, below: string) => FakeAnswer;
  readonly remove: (args: unknown, below: string) => FakeAnswer;
  /** Ends all sessions, as Dropbox does after seven days. */
  readonly forget: () => void;
}

export function createUploads(world: World): Uploads {
  const sessions = new Map<string, Buffer>();
  let count = 0;

  const commit = (args: unknown, content: Buffer, below: string): FakeAnswer => {
    const path = below + textIn(args, 'path');
    if (!/^(\/[^/\\]+)+$/.test(path)) return refuse('malformed_path');
    if (Reflect.get(Object(args), 'autorename') === true) return badRequest('The fake knows no autorename');
    const there = world.find(path);
    const isStrict = Reflect.get(Object(args), 'strict_conflict') === true;
    if (there?.tag === 'folder') return refuse('conflict/folder');
    if (!mayWrite(Reflect.get(Object(args), 'mode'), there?.rev, isStrict)) return refuse('conflict/file');
    return { body: metadataOf(world.put(path, content), below) };
  };
  const append = (args: unknown, body: Buffer): FakeAnswer | { readonly id: string; readonly held: Buffer } => {
    const cursor: unknown = Reflect.get(Object(args), 'cursor');
    const id = textIn(cursor, 'session_id');
    const held = sessions.get(id);
    if (held === undefined) return routeError('not_found');
    if (Reflect.get(Object(cursor), 'offset') !== held.length) {
      return routeError('incorrect_offset', { correct_offset: held.length });
    }
    if (!isWhole(args, body)) return routeError('content_hash_mismatch');
    const grown = Buffer.concat([held, body]);
    sessions.set(id, grown);
    return { id, held: grown };
  };

  return {
    upload: (args, body, below) =>
      isWhole(args, body) ? commit(args, body, below) : routeError('content_hash_mismatch'),
    start(args, body) {
      if (!isWhole(args, body)) return routeError('content_hash_mismatch');
      const id = `pid_upload_session:${++count}`;
      sessions.set(id, body);
      return { body: { session_id: id } };
    },
    append(args, body) {
      const appended = append(args, body);
      return 'id' in appended ? { body: 'null' } : appended;
    },
    finish(args, body, below) {
      const appended = append(args, body);
      if (!('id' in appended)) return lookupFailed(appended);
      const answer = commit(Reflect.get(Object(args), 'commit'), appended.held, below);
      if (answer.status === undefined) sessions.delete(appended.id);
      return answer;
    },
    remove(args, below) {
      const reference = textIn(args, 'path');
      const there = world.find(/^(id|rev):/.test(reference) ? reference : below + reference);
      if (there === undefined) return routeError('path_lookup/not_found');
      const rev = textIn(args, 'parent_rev');
      if (rev !== '' && rev !== there.rev) return routeError('path_write/conflict/file');
      world.remove(there.path);
      return { body: { metadata: { '.tag': there.tag, ...metadataOf(there, below) } } };
    },
    forget: () => sessions.clear(),
  };
}

function mayWrite(mode: unknown, rev: string | undefined, isStrict: boolean): boolean {
  const tag = typeof mode === 'string' ? mode : textIn(mode, '.tag');
  if (tag === 'overwrite') return true;
  if (tag === 'update') return rev === undefined ? !isStrict : textIn(mode, 'update') === rev;
  return rev === undefined;
}

function isWhole(args: unknown, body: Buffer): boolean {
  const told = textIn(args, 'content_hash');
  return told === '' || told === contentHash(body);
}

function refuse(reason: string): FakeAnswer {
  return routeError(`path/${reason}`, { reason: { '.tag': reason.split('/')[0] } });
}

/** The same faults stand one level lower in the answer to `finish`. */
function lookupFailed(answer: FakeAnswer): FakeAnswer {
  const body = Object(answer.body);
  const summary = textIn(body, 'error_summary');
  if (summary.startsWith('content_hash_mismatch')) return answer;
  return {
    ...answer,
    body: {
      error_summary: `lookup_failed/${summary}`,
      error: { '.tag': 'lookup_failed', lookup_failed: Reflect.get(body, 'error') },
    },
  };
}
