/** Exports that a job writes: asked for now, fetched later by a link. */

import type { Query } from '../database/session.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { enqueueJob } from '../jobs/enqueue.ts';
import type { JobData } from '../jobs/job.ts';
import { ownerOf } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';
import { isJsonObject } from '../kernel/json.ts';
import type { Exporter } from './exporter.ts';
import { formatNamed } from './formats.ts';
import { beginLineSql } from './log.ts';
import { mayBePrivate } from './private-lists.ts';
import { checkedRequest, type ExportRequest } from './request.ts';
import { openSource } from './source.ts';

/** The kind of job that writes exports. */
export const EXPORT = 'export';

/** What a job of exports is told. */
export interface ExportTask {
  readonly exportId: string;
  readonly request: ExportRequest;
  /** Of its file, without an ending. */
  readonly name: string;
}

/**
 * Refuses what could not be exported, so that it is not a job that fails.
 * @throws AppError as {@link openSource}
 */
export async function requirePossible(
  context: GraphqlContext,
  exporter: Exporter,
  request: ExportRequest,
): Promise<void> {
  // Any connection says what columns there are: those for copies are for whoever copies.
  await openSource(context, exporter, request, { client: context.database.write });
}

/** Notes an export and the job that writes it, within a transaction; returns its key. */
export async function enqueueExport(
  query: Query,
  { actor }: Pick<GraphqlContext, 'actor'>,
  exportId: string,
  request: ExportRequest,
  name: string,
): Promise<string> {
  const task: ExportTask = { exportId, request, name };
  const jobId = await enqueueJob(query, {
    ...{ kind: EXPORT, arguments: { ...task }, actor },
    privateTo: mayBePrivate(request.source) ? ownerOf(actor) : undefined,
  });
  const path = `${name}${formatNamed(request.format).extension}`;
  await beginLineSql(query, actor, exportId, request, { path, jobId });
  return exportId;
}

/** What a job was told, checked anew. @throws AppError BAD_USER_INPUT */
export function exportTaskOf({ exportId, request, name }: JobData): ExportTask {
  if (typeof exportId !== 'string' || typeof name !== 'string' || !isJsonObject(request)) throw unknown();
  const { source, format, ...choices } = request;
  if (typeof source !== 'string' || typeof format !== 'string') throw unknown();
  return { exportId, name, request: checkedRequest(source, format, choices) };
}

const unknown = (): AppError => new AppError('BAD_USER_INPUT', 'An export was noted in a form that is not known');
