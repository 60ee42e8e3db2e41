/** A table as JSON Lines. */
import { defineJob } from '../job.ts';
import { exportJob, ROWS } from './export-job.ts';

/** JSON text holds none of these characters, so COPY leaves it as it is. */
const AS_IT_IS = String.raw`FORMAT csv, QUOTE E'\x01', ESCAPE E'\x01', DELIMITER E'\x02'`;

export default defineJob(
  exportJob({
    name: 'exports/jsonl',
    measures: '1,000,000 videos as JSON Lines in the order of their keys, hashed and noted in the log',
    format: 'jsonl',
    limit: { name: 'COPY of JSON', statement: `COPY (SELECT row_to_json(r) FROM (${ROWS}) r) TO STDOUT (${AS_IT_IS})` },
  }),
);
