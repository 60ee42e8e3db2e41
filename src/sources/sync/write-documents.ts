/** Documents as the table holds them, many at a time, in the transaction of their items' states. */
import type { Query } from '../../database/session.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { DocumentText } from './kept-text.ts';
import type { PendingItem } from './pending.ts';
import type { SyncRun } from './run.ts';

export interface NewDocument {
  readonly item: PendingItem;
  readonly path: string;
  readonly content: DocumentText;
  /** SHA-256 of the bytes; null where none were fetched. */
  readonly hash: string | null;
  readonly size: number | null;
  readonly mediaType: string | null;
}

/** Documents follow their items to another name before anything else is said of them. */
export async function moveDocuments(query: Query, moved: readonly PendingItem[]): Promise<void> {
  const known = moved.filter(({ local_document_id: id }) => id !== null);
  if (known.length === 0) return;
  await query(
    'documents moved',
    `UPDATE documents d
        SET external_id = m.external_id, path = m.path, url = m.url,
            title = CASE WHEN d.title = regexp_replace(d.path, '^.*/', '') THEN m.name ELSE d.title END
       FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) AS m(document_id, external_id, path, name, url)
      WHERE d.document_id = m.document_id`,
    [
      known.map(({ local_document_id: id }) => id),
      known.map(({ external_id: id }) => id),
      known.map(({ external_path: path }) => path),
      known.map(({ name }) => name),
      known.map(({ external_url: url }) => url),
    ],
  );
}

/** Writes them and returns their ids by the items' external ids. */
export async function writeDocuments(
  query: Query,
  { source }: SyncRun,
  documents: readonly NewDocument[],
): Promise<ReadonlyMap<string, string>> {
  if (documents.length === 0) return new Map();
  const rows = await query<{ external_id: string; document_id: string }>(
    'documents written',
    `INSERT INTO documents AS d (document_id, source_id, owner_id, is_shared, external_id, path, title, item_type, media_type, size,
                                 content_hash, text, text_fault, front_matter, author, url, external_modified_at)
     SELECT n.document_id, $1, $2, $3, n.external_id, n.path, n.title, n.item_type, n.media_type, n.size, n.content_hash, n.text,
            n.text_fault, n.front_matter, n.author, n.url, n.modified_at
       FROM unnest($4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::bigint[], $11::text[], $12::text[],
                   $13::text[], $14::jsonb[], $15::text[], $16::text[], $17::timestamptz[])
            WITH ORDINALITY AS n(document_id, external_id, path, title, item_type, media_type, size, content_hash, text, text_fault,
                                 front_matter, author, url, modified_at, place)
      ORDER BY n.place
     ON CONFLICT (source_id, external_id) DO UPDATE
        SET path = excluded.path, title = excluded.title, item_type = excluded.item_type, media_type = excluded.media_type,
            size = excluded.size, content_hash = excluded.content_hash, text = excluded.text, text_fault = excluded.text_fault,
            front_matter = excluded.front_matter, author = excluded.author, url = excluded.url,
            external_modified_at = excluded.external_modified_at
     RETURNING external_id, document_id`,
    [
      source.source_id,
      source.owner_id,
      source.is_shared,
      documents.map(() => uuidv7()),
      documents.map(({ item }) => item.external_id),
      documents.map(({ path }) => path),
      documents.map(titleOf),
      documents.map(({ item }) => item.item_type),
      documents.map(({ mediaType }) => mediaType),
      documents.map(({ size }) => size),
      documents.map(({ hash }) => hash),
      documents.map(({ content }) => content.text),
      documents.map(({ content }) => content.fault),
      documents.map(({ content }) => JSON.stringify(content.frontMatter)),
      documents.map(({ content }) => content.author?.slice(0, 500) ?? null),
      documents.map(({ item }) => item.external_url),
      documents.map(({ item }) => item.external_modified_at),
    ],
  );
  return new Map(rows.map(({ external_id: externalId, document_id: id }) => [externalId, id]));
}

/** Of items that are documents no more. */
export async function dropDocuments(query: Query, ids: readonly string[]): Promise<void> {
  if (ids.length > 0)
    await query('documents dropped', 'DELETE FROM documents WHERE document_id = ANY ($1::uuid[])', [ids]);
}

function titleOf({ content, item }: NewDocument): string {
  const title = content.title?.replaceAll(/\s+/g, ' ').replaceAll('\0', '').trim().slice(0, 1_000).toWellFormed();
  return title === undefined || title === '' ? item.name : title;
}
