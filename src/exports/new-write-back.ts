/** A write-back as somebody asks for it, checked: what it exports must be possible before it is written anywhere. */

import { readSession } from '../database/session.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { noSource } from '../sources/lock-source.ts';
import { connectorOf } from '../sources/registry.ts';
import { refused } from '../sources/source-input.ts';
import { sourcesSlot } from '../sources/sources-house.ts';
import { readSource } from '../sources/sync/source.ts';
import { requireWritable } from '../sources/write-back/open-place.ts';
import type { NewWriteBack } from '../sources/write-back/write-backs.write.ts';
import { type AskedExport, readAsked } from './asked.ts';
import { exporterSlot } from './exporter.ts';
import { requirePossible } from './start.ts';

export interface AskedWriteBack extends Omit<NewWriteBack, 'table' | 'format' | 'request' | 'sourceId'> {
  readonly sourceId: string;
  /** Of an export: csv unless given. */
  readonly format?: string | null | undefined;
  readonly export?: Pick<AskedExport, 'where' | 'orderBy' | 'fields' | 'options'> | null | undefined;
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** @throws AppError BAD_USER_INPUT, NOT_FOUND, FORBIDDEN as the export itself */
export async function newWriteBack(context: GraphqlContext, asked: AskedWriteBack): Promise<NewWriteBack> {
  const exporter = exporterSlot.get(context);
  const { registry } = await exporter.catalogue();
  const dataset = registry.datasets.get(asked.dataset);
  if (dataset === undefined) throw refused('dataset', 'is the name of a dataset');
  await requirePlace(context, asked.sourceId);
  const { export: choices, format, ...rest } = asked;
  const base = { ...rest, table: dataset.table };
  if (asked.content !== 'export') {
    if (format != null || choices != null) throw refused('format', 'is of exports: edited rows keep their file’s own');
    return base;
  }
  const { request } = await readAsked(context.reads.query, exporter, { ...choices, source: asked.dataset, format });
  await requirePossible(context, exporter, request);
  const { source: _source, format: written, read: _read, ...kept } = request;
  return { ...base, format: written, request: kept };
}

async function requirePlace(context: GraphqlContext, sourceId: string): Promise<void> {
  const house = sourcesSlot.get(context);
  const source = UUID.test(sourceId)
    ? await readSession(context.database.read, context.actor, (query) => readSource(query, sourceId))
    : undefined;
  if (source === undefined) throw noSource();
  requireWritable(connectorOf(await house.connectors(), source.source_type));
}
