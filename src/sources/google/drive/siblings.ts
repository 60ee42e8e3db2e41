/** Which other files of a folder have the name of one that changed: the oldest keeps it, so others may have to give it up. */
import type { DriveFile } from './files.ts';
import { realId } from './folders.ts';
import { folderOf, partOf, secondsOf } from './item.ts';
import { logOf } from './logs.ts';
import { allFiles, FILES, quoted, SHARED_WITH_US, within } from './pages.ts';
import { SHARED } from './place.ts';
import type { Telling } from './telling.ts';
import { byAge } from './tree.ts';

/** Characters; a query is part of an address. */
const LONGEST_QUERY = 3000;

/** The files that lie in the source, with their namesakes, oldest first. */
export async function withNamesakes(telling: Telling, files: readonly DriveFile[]): Promise<DriveFile[]> {
  const keys = new Set<string>();
  const terms = new Map<string, string[]>();
  for (const file of files) {
    const folder = folderOf(file, telling.place, telling.tree);
    if (folder === undefined) continue;
    const key = `${folder}\u0000${partOf(file)}`;
    if (!keys.has(key)) terms.set(folder, [...(terms.get(folder) ?? []), ...termsOf(file)]);
    keys.add(key);
  }
  const queries = [...terms].flatMap(([folder, some]) =>
    portionsOf(some).map((names) => ({
      log: logOf(telling, folder),
      q: `${placeQuery(telling, folder)} and ${FILES} and (${names.join(' or ')})`,
    })),
  );
  const found = new Map<string, DriveFile>();
  for (const file of (await allFiles(telling.context, queries)).files) {
    const folder = folderOf(file, telling.place, telling.tree);
    if (keys.has(`${folder}\u0000${partOf(file)}`)) found.set(file.id ?? '', file);
  }
  for (const file of files) found.set(file.id ?? '', file);
  const aged = [...found.values()].map((file) => ({ file, id: file.id ?? '', created: secondsOf(file) }));
  return aged.toSorted(byAge).map(({ file }) => file);
}

function placeQuery(telling: Telling, folder: string): string {
  return folder === SHARED ? SHARED_WITH_US : within(realId(telling, folder));
}

/** Names that lead to the file’s path: a document “A” and a file “A.md” are namesakes. */
function termsOf(file: DriveFile): string[] {
  const name = file.name ?? '';
  const part = partOf(file);
  const extension = /\.(?:md|xlsx|txt|json)$/i.exec(part)?.[0] ?? '';
  const bare = part.slice(0, part.length - extension.length);
  return [...new Set([name, part, bare])].map((one) => `name = ${quoted(one)}`);
}

function portionsOf(terms: readonly string[]): string[][] {
  const portions: string[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const term of terms) {
    const more = encodeURIComponent(term).length + 8;
    if (length + more > LONGEST_QUERY) {
      portions.push([]);
      length = 0;
    }
    portions.at(-1)?.push(term);
    length += more;
  }
  return portions;
}
