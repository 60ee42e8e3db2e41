/** Listings of files by a query, page by page. */
import { ConnectorError } from '../../connector.ts';
import { createPageGuard } from '../../kit/page-guard.ts';
import { ask, corpusOf, type DriveContext, PROVIDER } from './client.ts';
import { type DriveFile, FILE_FIELDS, FOLDER_TYPE } from './files.ts';

export interface FilePage {
  readonly files: readonly DriveFile[];
  readonly next: string | undefined;
  /** Drive did not look everywhere: nothing may be concluded from what is missing. */
  readonly isPartial: boolean;
}

export interface FileQuery {
  /** A change log's name: where to look. */
  readonly log: string;
  /** In Drive's own query words. */
  readonly q: string;
}

export const FOLDERS = `mimeType = '${FOLDER_TYPE}' and trashed = false`;
export const FILES = `mimeType != '${FOLDER_TYPE}' and trashed = false`;

/** So many folders in one query: it is part of an address, which may be 8 KB long. */
export const FOLDERS_AT_ONCE = 40;

/** What lies directly in these folders. */
export function within(folders: readonly string[]): string {
  return `(${folders.map((id) => `${quoted(id)} in parents`).join(' or ')})`;
}

/** A text as a query holds it. */
export function quoted(text: string): string {
  return `'${text.toWellFormed().replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** In portions of `size`. */
export function chunks<T>(values: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, n) => values.slice(n * size, (n + 1) * size));
}

/**
 * The pages of one query, oldest file first, beginning at `from`. @throws ConnectorError; `cursor-expired` where `from` is too
 * old
 */
export async function* filePages(
  context: DriveContext,
  query: FileQuery,
  options: { readonly from?: string | undefined; readonly fields?: string } = {},
): AsyncGenerator<FilePage> {
  const guard = createPageGuard(PROVIDER);
  for (let from = options.from; ; ) {
    const page = await filePage(context, query, from, options.fields ?? FILE_FIELDS);
    yield page;
    if (page.next === undefined) return;
    guard.next(page.next);
    from = page.next;
  }
}

/** All files of a query at once, for those that are known to be few. */
export async function allFiles(
  context: DriveContext,
  query: FileQuery,
): Promise<{ files: DriveFile[]; isPartial: boolean }> {
  const files: DriveFile[] = [];
  let isPartial = false;
  for await (const page of filePages(context, query)) {
    files.push(...page.files);
    isPartial ||= page.isPartial;
  }
  return { files, isPartial };
}

async function filePage(
  context: DriveContext,
  query: FileQuery,
  from: string | undefined,
  fields: string,
): Promise<FilePage> {
  const page = await ask(context, (drive, options) =>
    drive.files.list(
      {
        ...corpusOf(query.log),
        q: query.q,
        spaces: 'drive',
        orderBy: 'createdTime',
        pageSize: 1000,
        fields: `nextPageToken,incompleteSearch,files(${fields})`,
        ...(from === undefined ? {} : { pageToken: from }),
      },
      options,
    ),
  );
  if (!Array.isArray(page.files)) throw new ConnectorError('transient', `${PROVIDER} sent a page without its files`);
  return {
    files: page.files,
    next: page.nextPageToken ?? undefined,
    isPartial: page.incompleteSearch === true,
  };
}
