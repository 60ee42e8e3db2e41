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

/** What others share with the account, the uppermost of it alone. */
export const SHARED_WITH_US = 'sharedWithMe = true';
export const FOLDERS = `mimeType = '${FOLDER_TYPE}' and trashed = false`;
export const FILES = `mimeType != '${FOLDER_TYPE}' and trashed = false`;

/**
 * What lies directly in a folder. One folder for each query: asked for several at once, Drive leaves out some of what is there
 * and says that it looked everywhere.
 */
export function within(folder: string): string {
  return `${quoted(folder)} in parents`;
}

/** So many queries at once; Drive allows two hundred a second. */
const AT_ONCE = 8;

/** A text as a query holds it. */
export function quoted(text: string): string {
  return `'${text.toWellFormed().replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** In portions of `size`. */
export function chunks<T>(values: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, n) => values.slice(n * size, (n + 1) * size));
}

/** The pages of several queries, the first ones of some asked for at once. */
export async function* pagesOfEach(context: DriveContext, queries: readonly FileQuery[]): AsyncGenerator<FilePage> {
  for (const some of chunks(queries, AT_ONCE)) {
    const firsts = await Promise.all(some.map((query) => filePage(context, query, undefined, FILE_FIELDS)));
    for (const [index, first] of firsts.entries()) {
      yield first;
      const query = some[index];
      if (first.next !== undefined && query !== undefined) yield* filePages(context, query, { from: first.next });
    }
  }
}

/**
 * The pages of one query, in no order (Drive cannot sort large ones), beginning at `from`. @throws ConnectorError; `cursor-expired` where `from` is too
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

/** All files of some queries at once, for those that are known to be few. */
export async function allFiles(
  context: DriveContext,
  queries: readonly FileQuery[],
): Promise<{ files: DriveFile[]; isPartial: boolean }> {
  const files: DriveFile[] = [];
  let isPartial = false;
  for await (const page of pagesOfEach(context, queries)) {
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
