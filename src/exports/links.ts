/** Where a finished export's file is fetched. */

import { siteSlot } from '../access/site.ts';
import { filesSlot } from '../files/files.ts';
import type { Link } from '../files/links.ts';
import { loaderFamily } from '../graphql/batches.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import type { Row } from '../graphql/entity.ts';
import { textOf } from '../graphql/values.ts';

const LASTS_MS = 3_600_000;

/** Until when a file is there; undefined for one that is gone. */
const ends = loaderFamily<Date | null | undefined>();

/**
 * A link for this actor alone, good for an hour and no longer than the file is kept; null where none is kept, or no more. Whoever
 * sees the export's line may have one: who asked for it, and an admin, since what the command line's schedules write nobody else
 * could fetch.
 */
export async function linkOf(context: GraphqlContext, row: Row): Promise<Link | null> {
  const fileId = textOf(row, 'file_id');
  if (fileId === null) return null;
  const end = await endOf(context, fileId);
  if (end === undefined) return null;
  const expiresAt = new Date(Math.min(Date.now() + LASTS_MS, end?.getTime() ?? Number.POSITIVE_INFINITY));
  const link = await filesSlot.get(context).links.make(fileId, context.actor, expiresAt);
  return { ...link, path: `${siteSlot.get(context).baseUrl()}${link.path}` };
}

function endOf(context: GraphqlContext, fileId: string): Promise<Date | null | undefined> {
  return ends(context, 'files of exports', () => async (fileIds) => {
    const found = await context.reads.query<{ file_id: string; expires_at: Date | null }>(
      'files of exports',
      `SELECT file_id, expires_at
         FROM files
        WHERE file_id = ANY($1::uuid[]) AND (expires_at IS NULL OR expires_at > now())`,
      [fileIds],
    );
    const byId = new Map(found.map(({ file_id: id, expires_at: end }) => [id, end]));
    return fileIds.map((id) => byId.get(id));
  }).load(fileId);
}
