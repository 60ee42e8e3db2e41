/** Where a finished export's file is fetched. */

import { siteSlot } from '../access/site.ts';
import { filesSlot } from '../files/files.ts';
import type { Link } from '../files/links.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import type { Row } from '../graphql/entity.ts';
import { textOf } from '../graphql/values.ts';

/**
 * A link for this actor alone, good for an hour; null where no file is kept. Whoever sees the export's line may have one: who
 * asked for it, and an admin, since what the command line's schedules write nobody else could fetch.
 */
export async function linkOf(context: GraphqlContext, row: Row): Promise<Link | null> {
  const fileId = textOf(row, 'file_id');
  if (fileId === null) return null;
  const link = await filesSlot.get(context).links.make(fileId, context.actor);
  return { ...link, path: `${siteSlot.get(context).baseUrl()}${link.path}` };
}
