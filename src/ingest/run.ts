/** What the rest of the house calls: the pipeline by file, by folder and by records. */

export type { SkippedFile } from './claim-files.ts';
export { type ImportRequest, type ImportResult, type Ingest, importFile } from './import-file.ts';
export { type FolderRequest, type FolderResult, importFolder } from './import-folder.ts';
export { importRecords, type RecordsRequest } from './import-records.ts';
export type { ImportCounts, ImportFault, ImportStatus } from './journal.ts';
export type { Progress } from './progress.ts';
