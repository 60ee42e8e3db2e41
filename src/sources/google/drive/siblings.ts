/** Which other files of a folder have the name of one that changed: the oldest keeps it, so others may have to give it up. */
import { type DriveFile, exportOf } from './files.ts';
import { realId } from './folders.ts';
import { folderOf, partOf, secondsOf } from './item.ts';
import { allFiles, FILES, quoted } from './pages.ts';
import { logOf } from './subtree.ts';
import type { Telling } from './told.ts';
import { byAge } from './tree.ts';

/** A query is part of an address. */
const LONGEST_QUERY = 6000;

/** The changed files that lie in the source, with their namesakes, oldest first. */
export async function withNamesakes(telling: Telling, changed: readonly DriveFile[]): Promise<DriveFile[]> {
  const found = new Map<string, DriveFile>();
  const keys = new Set<string>();
  const terms = new Map<string, string[]>();
  for (const file of changed) {
    const folder = folderOf(file, telling.place, telling.tree);
    if (folder === undefined) continue;
    const key = `${folder}\u0000${partOf(file)}`;
    if (!keys.has(key)) addTerm(terms, logOf(telling, folder), termOf(realId(telling, folder), file));
    keys.add(key);
  }
  for (const [log, some] of terms) {
    for (const q of queriesOf(some)) {
      for (const file of (await allFiles(telling.context, { log, q })).files) {
        const folder = folderOf(file, telling.place, telling.tree);
        if (keys.has(`${folder}\u0000${partOf(file)}`)) found.set(file.id ?? '', file);
      }
    }
  }
  for (const file of changed) found.set(file.id ?? '', file);
  const aged = [...found.values()].map((file) => ({ file, id: file.id ?? '', created: secondsOf(file) }));
  return aged.toSorted(byAge).map(({ file }) => file);
}

/** Names that lead to the file’s path: a document “A” and a file “A.md” are namesakes. */
function termOf(folder: string, file: DriveFile): string {
  const name = file.name ?? '';
  const part = partOf(file);
  const extension = exportOf(file.mimeType)?.extension ?? /\.(?:md|xlsx|txt|json)$/i.exec(name)?.[0] ?? '';
  const bare = extension !== '' && part.endsWith(extension) ? part.slice(0, -extension.length) : part;
  const names = [...new Set([name, part, bare])].map((one) => `name = ${quoted(one)}`);
  return `(${quoted(folder)} in parents and (${names.join(' or ')}))`;
}

function addTerm(terms: Map<string, string[]>, log: string, term: string): void {
  const some = terms.get(log);
  if (some === undefined) terms.set(log, [term]);
  else some.push(term);
}

function queriesOf(terms: readonly string[]): string[] {
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
  return portions.map((portion) => `(${portion.join(' or ')}) and ${FILES}`);
}
