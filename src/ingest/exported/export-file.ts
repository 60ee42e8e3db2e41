/**
 * Files that an export wrote, known by their names: `videos.export.csv`. Other files are read as people write them: trimmed,
 * placeholders left out, names and addresses put into their form. An exported one is a table's rows, and is taken as it stands.
 */
import type { Dataset, FileFacts, FilePattern } from '../dataset.ts';
import { formatOf } from '../read/readers.ts';

/** `videos.export.csv`, of the dataset and an extension with its dot. */
export function exportFileName(dataset: string, extension: string): string {
  return `${dataset}.export${extension}`;
}

/** Every dataset has it, none declares it. */
export const EXPORTED: FilePattern = { pattern: '**/<dataset>.export.*', exported: true };

/** What the file is called but for its ending, and for the number that a browser gives to a name it has saved before. */
const nameOf = ({ stem }: Pick<FileFacts, 'stem'>): string => stem.toLowerCase().replace(/ ?\(\d{1,3}\)$/, '');

/** Whether the file is an export as JSON Lines: of an empty table it has no line. */
export function isOfLinesExported(file: Pick<FileFacts, 'stem' | 'extension'>): boolean {
  return file.extension === '.jsonl' && nameOf(file).endsWith('.export');
}

/** Whether the file is an export of the dataset's rows, wherever it lies. */
export function isExportOf({ name }: Pick<Dataset, 'name'>, file: FileFacts): boolean {
  const format = formatOf(file.extension);
  return format !== undefined && format !== 'markdown' && nameOf(file) === `${name}.export`;
}
