/** Copies that a program has made of a file which two have changed: seen by their names, and named ourselves. */
import { CONFLICTED_COPY, NAME_CLASHES, OTHER_PROGRAMS } from './conflict-phrases.ts';

const PHRASES = Object.values(CONFLICTED_COPY).flat().map(folded);

/**
 * Why a file is a copy of another and no file of its own, for people; undefined where it is none. Its content is a version that
 * lost: taken in as if it were the file, it would undo what others have written.
 * @param name the last part of a path
 */
export function conflictCopyReason(name: string): string | undefined {
  const stem = stemOf(name.normalize('NFC'));
  const other = OTHER_PROGRAMS.find(({ pattern }) => pattern.test(stem));
  if (other !== undefined) return reason(other.program);
  const inBrackets = /[(（]([^()（）]*(?:\([^()]*\)[^()（）]*)?)[)）]\s*$/u.exec(stem)?.[1];
  if (inBrackets === undefined) return undefined;
  const words = folded(inBrackets);
  if (PHRASES.some((phrase) => words.includes(phrase))) return reason('Dropbox, or a program that names as it does');
  return NAME_CLASHES.some((clash) => words.startsWith(clash)) ? reason('Dropbox') : undefined;
}

/**
 * Where our version goes when somebody else has changed the file meanwhile: beside it, named as Dropbox names such copies.
 * @param path of the file, from the source's root
 * @param turn 0 at first; counted up while the name is taken
 */
export function conflictCopyPath(path: string, at: Date, turn: number): string {
  const start = path.lastIndexOf('/') + 1;
  const name = path.slice(start);
  const stem = stemOf(name);
  const again = turn === 0 ? '' : ` (${turn})`;
  const mark = ` (Cairn's conflicted copy ${at.toISOString().slice(0, 10)}${again})`;
  return `${path.slice(0, start)}${stem}${mark}${name.slice(stem.length)}`;
}

/** The name without its extension; `.gitignore` has none. */
function stemOf(name: string): string {
  const dot = name.lastIndexOf('.');
  // What Syncthing and Resilio add stands before an extension too, or at the end of a name that has none.
  return dot <= 0 || /\.(sync-conflict-[^.]*|conflict\d*)$/i.test(name) ? name : name.slice(0, dot);
}

/** Without regard to case; the dotless i of Turkish has another capital elsewhere. */
function folded(text: string): string {
  return text.toLowerCase().replaceAll('ı', 'i').normalize('NFC');
}

function reason(program: string): string {
  return `a conflict copy that ${program} has made: somebody must choose between it and the file`;
}
