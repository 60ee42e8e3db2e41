/** What mutations and routes are asked, as a request and a name for its file. */
import type { Query } from '../database/session.ts';
import { AppError } from '../kernel/errors.ts';
import { fileNameOf } from './catalogue.ts';
import type { Exporter } from './exporter.ts';
import { checkedRequest, type ExportOptions, type ExportRequest } from './request.ts';
import { findSaved, requestOf } from './saved.ts';

/** Null and undefined both ask nothing. */
export interface AskedExport {
  readonly saved?: string | null | undefined;
  readonly source?: string | null | undefined;
  readonly format?: string | null | undefined;
  readonly where?: unknown;
  readonly orderBy?: unknown;
  readonly fields?: readonly string[] | null | undefined;
  readonly first?: number | null | undefined;
  readonly options?: { readonly [Name in keyof ExportOptions]: ExportOptions[Name] | null } | null | undefined;
}

/** @throws AppError BAD_USER_INPUT, NOT_FOUND for a saved export that there is not */
export async function readAsked(
  query: Query,
  exporter: Exporter,
  asked: AskedExport,
): Promise<{ readonly request: ExportRequest; readonly name: string }> {
  const { bom, delimiter, escapeFormulas } = asked.options ?? {};
  const choices = {
    where: asked.where ?? undefined,
    orderBy: asked.orderBy ?? undefined,
    fields: asked.fields ?? undefined,
    first: asked.first ?? undefined,
    options: asked.options
      ? { bom: bom ?? undefined, delimiter: delimiter ?? undefined, escapeFormulas: escapeFormulas ?? undefined }
      : undefined,
  };
  const { saved, source } = asked;
  if ((saved ?? source ?? undefined) === undefined || (saved != null && source != null)) {
    throw new AppError('BAD_USER_INPUT', 'Name a source or a saved export', { path: 'source' });
  }
  const catalogue = await exporter.catalogue();
  if (saved == null) {
    const name = source ?? '';
    return { name: fileNameOf(catalogue, name), request: checkedRequest(name, asked.format ?? 'csv', choices) };
  }
  const found = await findSaved(query, catalogue, saved);
  if (found === undefined) {
    throw new AppError('NOT_FOUND', `There is no saved export ${JSON.stringify(saved.slice(0, 100))}`, {
      path: 'saved',
    });
  }
  const own = Object.fromEntries(Object.entries(choices).filter(([, value]) => value !== undefined));
  return { name: saved, request: requestOf({ ...found, ...own }, asked.format ?? undefined) };
}
