/** Writes what a page of items came to: states, documents and imports, and nothing of their bytes is left behind. */
import { rm } from 'node:fs/promises';
import type { Query } from '../../database/session.ts';
import { crashPoint } from '../../kernel/crash-point.ts';
import { documentText, noText } from './document-text.ts';
import { type Importable, importItems, sheetsOf } from './import-items.ts';
import { bytesOf, countStates, failedState, type ItemState, writeStates } from './item-states.ts';
import { MOVED } from './keep-items.ts';
import type { DocumentText } from './kept-text.ts';
import type { Prepared } from './prepare-item.ts';
import { takeOver } from './rename.ts';
import type { SyncRun } from './run.ts';
import { dropDocuments, moveDocuments, type NewDocument, writeDocuments } from './write-documents.ts';

export async function settlePage(run: SyncRun, page: readonly Prepared[]): Promise<void> {
  const items = await takeOverByContent(run, page);
  const claimed: Importable[] = [];
  const others: Prepared[] = [];
  for (const one of items) {
    const importable = await importableOf(run, one);
    if (importable === undefined) others.push(one);
    else claimed.push(importable);
  }
  const contents = new Map<Prepared, DocumentText>();
  for (const one of others) {
    const content = await contentOf(one);
    if (content !== undefined) contents.set(one, content);
  }
  if (others.length > 0) {
    await run.write(async ({ query }) => {
      const states = await settleOthers(query, run, others, contents);
      crashPoint('sync.documents');
      return { result: undefined, counts: countStates(states) };
    });
  }
  if (claimed.length > 0) await importItems(run, claimed);
  for (const { found } of page)
    if (found.is === 'fetched' && found.fetched.isSpooled) await rm(found.fetched.file, { force: true });
  crashPoint('sync.page');
}

/** Whether the bytes are those that were read before, and went where they would go now. */
function isAsBefore({ item, claim, found }: Prepared): boolean {
  if (found.is !== 'fetched' || found.fetched.hash !== item.content_hash) return false;
  return claim.to === 'dataset'
    ? item.dataset === claim.match.dataset.name
    : item.local_document_id !== null && claim.to === 'document';
}

async function importableOf(run: SyncRun, one: Prepared): Promise<Importable | undefined> {
  const { claim, found } = one;
  if (found.is !== 'fetched' || claim.to === 'nothing' || isAsBefore(one)) return undefined;
  if (claim.to === 'dataset') return { ...one, claim, fetched: found.fetched };
  if (!run.source.is_shared) return undefined;
  const [sheet] = await sheetsOf(run, one, undefined);
  if (sheet === undefined) return undefined;
  const { dataset } = sheet.match;
  const mark = `sheets:${dataset.name}@${dataset.rulesVersion}`;
  const own = { to: 'dataset', match: sheet.match, mark, transform: claim.transform } as const;
  return { ...one, claim: own, fetched: found.fetched };
}

/** Undefined of what becomes no document, or is one already. */
async function contentOf(one: Prepared): Promise<DocumentText | undefined> {
  const { item, claim, found, path } = one;
  if (claim.to !== 'document' || isAsBefore(one)) return undefined;
  if (found.is === 'unread') return noText(found.why);
  if (found.is !== 'fetched') return undefined;
  const { file, size, mediaType } = found.fetched;
  return documentText({ file, size, name: path, mediaType: mediaType ?? item.media_type });
}

async function settleOthers(
  query: Query,
  run: SyncRun,
  others: readonly Prepared[],
  contents: ReadonlyMap<Prepared, DocumentText>,
): Promise<ItemState[]> {
  await moveDocuments(
    query,
    others.filter(({ item }) => item.rules_hash?.startsWith(MOVED)).map(({ item }) => item),
  );
  const documents = [...contents].map(([one, content]): NewDocument => documentOf(one, content));
  const ids = await writeDocuments(query, run, documents);
  await dropDocuments(
    query,
    others.flatMap(({ item, claim }) =>
      claim.to === 'nothing' && item.local_document_id !== null ? [item.local_document_id] : [],
    ),
  );
  const states = others.map((one) => stateOf(one, ids));
  await writeStates(query, states);
  return states;
}

function documentOf({ item, found, path }: Prepared, content: DocumentText): NewDocument {
  const fetched = found.is === 'fetched' ? found.fetched : undefined;
  return {
    ...{ item, path, content, hash: fetched?.hash ?? null },
    size: fetched?.size ?? (item.size === null ? null : Number(item.size)),
    mediaType: fetched?.mediaType ?? item.media_type,
  };
}

function stateOf(one: Prepared, ids: ReadonlyMap<string, string>): ItemState {
  const { item, claim, found } = one;
  if (found.is === 'failed') return failedState(one);
  const { id } = item;
  if (claim.to === 'nothing') {
    const status = claim.isConflict === true ? 'conflict' : 'skipped';
    return { id, status, mark: claim.mark, reason: claim.reason, change: 'none', bytes: 0 };
  }
  const known = { contentHash: item.content_hash, dataset: item.dataset, importId: item.import_id };
  const documentId = ids.get(item.external_id) ?? item.local_document_id;
  const base = { id, status: 'synced', mark: claim.mark, documentId, bytes: bytesOf(found) } as const;
  if (!ids.has(item.external_id)) return { ...base, ...known, change: 'none' };
  const contentHash = found.is === 'fetched' ? found.fetched.hash : null;
  return { ...base, contentHash, change: item.is_new ? 'created' : 'updated' };
}

/**
 * In places without ids, an item of the very content that another had which is missing is that one under a new name: it takes
 * over its line. What the place tells no hash of is known by its bytes only.
 */
async function takeOverByContent(run: SyncRun, page: readonly Prepared[]): Promise<readonly Prepared[]> {
  if (run.connector.capabilities.rename === 'same-id') return page;
  const come = page.filter(({ item, found }) => item.is_new && item.content_hash === null && found.is === 'fetched');
  if (come.length === 0) return page;
  const hashOf = ({ found }: Prepared): string => (found.is === 'fetched' ? found.fetched.hash : '');
  return run.write(async ({ query }) => {
    const gone = await query<Gone>(
      'sync items missing by content',
      `SELECT id, content_hash, dataset, import_id, local_document_id, rules_hash
         FROM sync_items
        WHERE source_id = $1 AND content_hash = ANY ($2::text[]) AND sync_status = 'missing' AND rules_hash IS NOT NULL
        ORDER BY path_key, id`,
      [run.source.source_id, come.map(hashOf)],
    );
    const byHash = Map.groupBy(gone, ({ content_hash: hash }) => hash);
    const renamed = new Map<Prepared, Gone>();
    for (const one of come) {
      const old = byHash.get(hashOf(one))?.shift();
      if (old !== undefined) renamed.set(one, old);
    }
    const pairs = [...renamed].map(([{ item }, old]) => ({ oldId: old.id, newId: item.id }));
    await takeOver(query, run, pairs);
    const items = page.map((one): Prepared => {
      const old = renamed.get(one);
      if (old === undefined) return one;
      const mark = `${MOVED}${old.rules_hash}`;
      return { ...one, item: { ...one.item, ...old, rules_hash: mark, is_new: false } };
    });
    return { result: items };
  });
}

interface Gone extends Record<string, unknown> {
  readonly id: bigint;
  readonly content_hash: string;
  readonly dataset: string | null;
  readonly import_id: string | null;
  readonly local_document_id: string | null;
  readonly rules_hash: string;
}
