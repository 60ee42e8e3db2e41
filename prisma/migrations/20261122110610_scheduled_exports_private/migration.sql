-- safe: who sees what scheduled exports name

-- A schedule of no source is its owner's alone, with the names that it gives its jobs, which its owner alone may have saved.
SELECT set_config('cairn.owner', '*', true);
UPDATE scheduled_syncs SET is_shared = false WHERE source_id IS NULL AND is_shared;
UPDATE schedule_runs SET is_shared = false WHERE job_kind = 'export' AND is_shared;
ALTER TABLE scheduled_syncs
  ADD CONSTRAINT scheduled_syncs_shared_check CHECK (source_id IS NOT NULL OR NOT is_shared);

-- What was asked for before told every admin. Where nobody knows any more whose it was, '' leaves it to whoever asked for it.
UPDATE jobs j
   SET private_to = coalesce((SELECT s.owner_id FROM scheduled_syncs s WHERE s.schedule_id::text = j.singleton),
                             (SELECT r.owner_id FROM schedule_runs r WHERE r.job_id = j.job_id LIMIT 1), '')
 WHERE j.kind = 'scheduled-export' AND j.private_to IS NULL;
