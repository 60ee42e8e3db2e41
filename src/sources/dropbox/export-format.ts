/** What documents that are no files (Paper, Google documents kept in Dropbox) can be had as. */
import type { files } from 'dropbox';

const OFFICE = 'application/vnd.openxmlformats-officedocument';

export interface ExportFormat {
  /** As `files/export` takes it. */
  readonly format: string;
  readonly mediaType: string;
  readonly extension: string;
}

/** The best first: what a person and a search can read. */
const FORMATS: readonly ExportFormat[] = [
  { format: 'markdown', mediaType: 'text/markdown', extension: '.md' },
  { format: 'plain_text', mediaType: 'text/plain', extension: '.txt' },
  { format: 'html', mediaType: 'text/html', extension: '.html' },
  { format: 'xlsx', mediaType: `${OFFICE}.spreadsheetml.sheet`, extension: '.xlsx' },
  { format: 'docx', mediaType: `${OFFICE}.wordprocessingml.document`, extension: '.docx' },
  { format: 'pdf', mediaType: 'application/pdf', extension: '.pdf' },
];

/** The best that is offered; undefined where none is known. */
export function exportFormat(info: files.ExportInfo | undefined): ExportFormat | undefined {
  const offered = [...(info?.export_options ?? []), info?.export_as];
  return FORMATS.find(({ format }) => offered.includes(format));
}

/** What a listing told as the item's media type, as a format to ask for. */
export function formatOf(mediaType: string | undefined): ExportFormat | undefined {
  return FORMATS.find((format) => format.mediaType === mediaType);
}

/** `Notes.paper` comes as `Notes.paper.md`: the name says how the bytes are read. */
export function withExtension(name: string, format: ExportFormat | undefined): string {
  return format === undefined || name.toLowerCase().endsWith(format.extension) ? name : `${name}${format.extension}`;
}
