/** Lists whose rows may be private to whoever asks: what was exported of them, and why that failed, is theirs alone to see. */
import { SOURCES_SCOPE } from '../sources/vocabulary.ts';
import { listNamed } from './catalogue.ts';

/** Changes are told of every table, those of private sources among them. */
const TOLD_OF_ALL = 'change_log';

/** Whether the source of an export, by its name, is such a list. */
export function mayBePrivate(source: string): boolean {
  const reads = listNamed(source);
  return reads !== undefined && (reads.scope === SOURCES_SCOPE || reads.table === TOLD_OF_ALL);
}
