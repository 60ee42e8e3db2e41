/** Exports as downloads: sent while they are read. */
import Type from 'typebox';
import { attachment } from '../files/file-name.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { checkerOf } from '../http/check.ts';
import { AppError } from '../kernel/errors.ts';
import { requireRight } from '../kernel/rights.ts';
import { restEntity } from '../rest/entity.ts';
import { filterSchemas, readFilters } from '../rest/filters.ts';
import { jsonText } from '../rest/given-values.ts';
import { type RestRoute, restRoute } from '../rest/route.ts';
import { readSort } from '../rest/sort.ts';
import { readAsked } from './asked.ts';
import { findSource } from './catalogue.ts';
import { exporterSlot } from './exporter.ts';
import { FORMAT_NAMES, formatNamed } from './formats.ts';
import type { ExportRequest } from './request.ts';
import { findSaved } from './saved.ts';
import { streamExport } from './stream.ts';

const QUERY = {
  where: Type.Optional(
    Type.String({
      description: 'Only rows like this, as JSON: what the list takes in GraphQL as `where`.',
      examples: ['{}'],
    }),
  ),
  sort: Type.Optional(
    Type.String({ description: 'The order, as lists take it; by key unless given.', examples: ['-created_date'] }),
  ),
  fields: Type.Optional(
    Type.String({ description: 'Only these columns, separated by commas.', examples: ['research_id,title'] }),
  ),
  first: Type.Optional(Type.Integer({ minimum: 1, description: 'Only so many rows.', examples: [100] })),
  delimiter: Type.Optional(
    Type.String({ description: 'CSV: what separates cells: `,`, `;`, `|` or a tab.', examples: [','] }),
  ),
  bom: Type.Optional(
    Type.Boolean({ description: 'CSV: a mark that tells spreadsheets it is UTF-8.', examples: [false] }),
  ),
  escape_formulas: Type.Optional(
    Type.Boolean({
      description: 'CSV and Excel: texts that a spreadsheet would run become plain text.',
      examples: [false],
    }),
  ),
};

const CONTENT = Object.fromEntries(
  FORMAT_NAMES.map((name) => [formatNamed(name).mediaType.split(';')[0] ?? '', Type.Unsafe<unknown>({})]),
);

const download: RestRoute = restRoute({
  method: 'GET',
  path: '/exports/:source.:format',
  operationId: 'downloadExport',
  tag: 'Exports',
  summary: 'Sends rows as a file while they are read',
  description:
    'Of a dataset, a list, a query or a saved export. What the list of the same rows takes as filters is taken here as well, such as `status=active` or `created_date.gte=2025-11-01`. An answer that breaks off has no proper end.',
  params: Type.Object({
    source: Type.String({ description: 'The dataset, list, query or saved export.', examples: ['researches'] }),
    format: Type.Unsafe<string>({
      type: 'string',
      enum: [...FORMAT_NAMES],
      description: 'What it is written as.',
      examples: ['csv'],
    }),
  }),
  query: Type.Object(QUERY),
  lane: 'none',
  answers: {
    200: {
      description: 'The file.',
      content: CONTENT,
      headers: { 'content-disposition': { description: 'What the file is called.' } },
    },
    404: { description: 'There is nothing of this name.' },
  },
  answer: async (context, { params, query, url }) => {
    const { request, name } = await requestedBy(context, params, query, filtersOf.get(url) ?? new URLSearchParams());
    const { body, file } = await streamExport(context, request, name);
    const type = formatNamed(request.format).mediaType;
    return {
      body,
      type,
      headers: { 'content-disposition': attachment(file), 'cache-control': 'no-store' },
    };
  },
});

interface DownloadQuery {
  readonly where?: string | undefined;
  readonly sort?: string | undefined;
  readonly fields?: string | undefined;
  readonly first?: number | undefined;
  readonly delimiter?: string | undefined;
  readonly bom?: boolean | undefined;
  readonly escape_formulas?: boolean | undefined;
}

async function requestedBy(
  context: GraphqlContext,
  { source, format }: { readonly source: string; readonly format: string },
  { where, sort, fields, first, delimiter, bom, escape_formulas: escapeFormulas }: DownloadQuery,
  filters: URLSearchParams,
): Promise<{ request: ExportRequest; name: string | undefined }> {
  const exporter = exporterSlot.get(context);
  const catalogue = await exporter.catalogue();
  const isDataset = catalogue.registry.datasets.has(source);
  const saved = isDataset ? undefined : await findSaved(context.reads.query, catalogue, source);
  // Bytes may flow for long: the snapshot that was looked into is not the one they come from.
  await context.reads.refresh();
  const isAny = [delimiter, bom, escapeFormulas].some((option) => option !== undefined);
  const { request } = await readAsked(context.reads.query, exporter, {
    ...(saved === undefined ? { source } : { saved: source }),
    ...{ format, first },
    where: where === undefined ? undefined : jsonText(where, 'where'),
    fields: fields?.split(',').map((field) => field.trim()),
    options: isAny ? { delimiter, bom, escapeFormulas } : undefined,
  });
  await context.reads.refresh();
  const name = saved === undefined ? undefined : source;
  if (sort === undefined && filters.size === 0) return { request, name };
  const found = findSource(catalogue, request.source);
  if (found.is === 'query' || found.reads === undefined) {
    throw new AppError('BAD_USER_INPUT', `${source} is neither filtered nor sorted`, {
      path: sort === undefined ? 'where' : 'sort',
    });
  }
  if (found.is === 'dataset') requireRight(context, { role: 'viewer', scope: found.scope });
  const entity = restEntity(found.reads, '');
  const checked = checkerOf<object, Record<string, unknown>, undefined>({ query: Type.Object(filterSchemas(entity)) })({
    ...EMPTY,
    url: new URL(`?${filters}`, 'http://localhost'),
  });
  return {
    request: { ...request, read: { where: readFilters(entity, checked.query), orderBy: readSort(entity, sort) } },
    name,
  };
}

const EMPTY = { params: {}, headers: {}, type: '', ifMatch: undefined, body: undefined, size: 0 };

/** Which filters there are depends on the source, so they are set aside before the rest is checked. */
const filtersOf = new WeakMap<URL, URLSearchParams>();

export default {
  ...download,
  check: (received) => {
    const url = new URL(received.url);
    const filters = new URLSearchParams();
    for (const [name, value] of received.url.searchParams) {
      if (Object.hasOwn(QUERY, name)) continue;
      filters.append(name, value);
      url.searchParams.delete(name);
    }
    filtersOf.set(url, filters);
    return download.check({ ...received, url });
  },
} satisfies RestRoute;
