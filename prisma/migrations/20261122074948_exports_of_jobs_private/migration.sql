-- safe: who sees what was asked of jobs and of exports

-- Both tell of private sources, too: what was exported of them is whose it is, which is what '' leaves.
SELECT set_config('cairn.owner', '*', true);
UPDATE exports SET private_to = '' WHERE source IN ('jobs', 'exports') AND private_to IS NULL;
UPDATE jobs j SET private_to = '' FROM exports e WHERE e.job_id = j.job_id AND e.private_to = '' AND j.private_to IS NULL;

-- A former migration shared what had been saved of them, unasked. Whoever means it shares it again.
UPDATE saved_exports SET is_shared = false WHERE source IN ('jobs', 'exports') AND is_shared;
