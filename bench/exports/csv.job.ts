/** A table as CSV. */
import { defineJob } from '../job.ts';
import { exportJob, ROWS } from './export-job.ts';

export default defineJob(
  exportJob({
    name: 'exports/csv',
    measures: '1,000,000 videos as CSV in the order of their keys, hashed and noted in the log',
    format: 'csv',
    limit: { name: 'COPY', statement: `COPY (${ROWS}) TO STDOUT (FORMAT csv, HEADER)` },
  }),
);
