/** Runs of sources are what their jobs are, and what an item is said to have become is there. */
import { countOf, faultsOf, type Invariant, plural, together } from './invariant.ts';

export const sources: Invariant = {
  name: 'syncs',
  holds: 'syncs agree with their jobs, and documents with their items',
  advice: 'Sync the source of the fault in full (`cairn sync SOURCE --full`); if the fault stays, report it.',
  async look({ client }) {
    const looks = [
      await faultsOf(
        client,
        `SELECT format('sync %s is %s, and its job is %s', s.sync_job_id, s.status, coalesce(j.status, 'gone')) AS fault
           FROM sync_jobs s
           LEFT JOIN jobs j ON j.job_id = s.sync_job_id
          WHERE CASE s.status WHEN 'waiting' THEN coalesce(j.status, 'completed') <> 'completed'
                     -- What ended long ago has no job any more.
                     WHEN 'queued' THEN j.status IS DISTINCT FROM 'queued'
                     WHEN 'running' THEN j.status IS DISTINCT FROM 'running'
                     ELSE coalesce(j.status, s.status) <> s.status END`,
      ),
      await faultsOf(
        client,
        `SELECT format('item %s (%s) became the document %s, which is not there', i.id, i.name, i.local_document_id) AS fault
           FROM sync_items i
          WHERE i.local_document_id IS NOT NULL
            AND NOT EXISTS (SELECT FROM documents d WHERE d.document_id = i.local_document_id AND d.source_id = i.source_id)`,
      ),
      await faultsOf(
        client,
        `SELECT format('document %s (%s) is of the item %s, which is deleted', d.document_id, d.title, i.id) AS fault
           FROM documents d
           JOIN sync_items i ON i.source_id = d.source_id AND i.external_id = d.external_id
          WHERE i.sync_status = 'deleted'`,
      ),
    ];
    const items = await countOf(client, 'SELECT count(*) FROM sync_items');
    const all = await countOf(client, 'SELECT count(*) FROM data_sources');
    return together(`${plural(all, 'source')}, ${plural(items, 'item')}`, looks);
  },
};
