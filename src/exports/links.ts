/** Where a finished export's file is fetched. */

import { siteSlot } from '../access/site.ts';
import { filesSlot } from '../files/files.ts';
import type { Link } from '../files/links.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import type { Row } from '../graphql/entity.ts';
import { textOf } from '../graphql/values.ts';

/** A link for the actor who asked for the export, good for an hour; null for anybody else, and where no file is kept. */
export async function linkOf(context: GraphqlContext, row: Row): Promise<Link | null> {
  const fileId = textOf(row, 'file_id');
  if (fileId === null || textOf(row, 'actor') !== context.actor.label) return null;
  const link = await filesSlot.get(context).links.make(fileId, context.actor);
  return { ...link, path: `${siteSlot.get(context).baseUrl()}${link.path}` };
}
