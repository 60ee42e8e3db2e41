/** Lists whose rows may be private to whoever asks: what was exported of them, and why that failed, is theirs alone to see. */
import { SOURCES_SCOPE } from '../sources/vocabulary.ts';
import { listNamed } from './catalogue.ts';

/** Changes, jobs and exports are told of whatever they are of: of private sources, too, and of what was asked of those. */
const TOLD_OF_ALL: ReadonlySet<string> = new Set(['change_log', 'jobs', 'exports']);

/** Whether the source of an export, by its name, is such a list. */
export function mayBePrivate(source: string): boolean {
  const reads = listNamed(source);
  return reads !== undefined && (reads.scope === SOURCES_SCOPE || TOLD_OF_ALL.has(reads.table));
}
