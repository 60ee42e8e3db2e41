/** A folder that is followed: each change deletes, renames and adds one of its files and edits all others. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface Followed {
  readonly root: string;
  /** Changes the folder once more. */
  readonly change: () => Promise<void>;
  /** What must be held of it, as `path: text`: what no dataset claims is a document. */
  readonly documents: () => string[];
  /** The names of the channels that its lists give. */
  readonly channels: () => string[];
}

const LISTS = 4;

/** @param count how many notes it begins with */
export async function openFollowed(root: string, count: number): Promise<Followed> {
  const notes = new Map<string, string>();
  const names: string[] = [];
  let changes = 0;
  const write = async (path: string, content: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  };
  const writeNote = async (path: string, text: string): Promise<void> => {
    notes.set(path, text);
    await write(path, text);
  };
  const writeList = async (n: number, name: string): Promise<void> => {
    names[n] = name;
    const list = { channels: [{ channel_id: `UC${n}`, name }] };
    await write(`lists/YouTube_Channels_${n}.json`, JSON.stringify(list));
  };
  for (let n = 0; n < count; n += 1) await writeNote(`notes/note ${n}.txt`, `note ${n}`);
  for (let n = 0; n < LISTS; n += 1) await writeList(n, `first ${n}`);
  return {
    root,
    async change() {
      changes += 1;
      const [oldest = '', renamed = '', ...edited] = notes.keys();
      await rm(join(root, oldest));
      notes.delete(oldest);
      const path = `notes/renamed ${changes}.txt`;
      await rename(join(root, renamed), join(root, path));
      notes.set(path, notes.get(renamed) ?? '');
      notes.delete(renamed);
      for (const [n, note] of edited.entries()) await writeNote(note, `edited ${changes}, ${n}`);
      await writeNote(`notes/new ${changes}.txt`, `new ${changes}`);
      for (let n = 0; n < LISTS; n += 1) await writeList(n, `said ${changes}, ${n}`);
    },
    documents: () => [...notes].map(([path, text]) => `${path}: ${text}`),
    channels: () => names,
  };
}
