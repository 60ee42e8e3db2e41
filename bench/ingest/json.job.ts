import { ingestJob } from './ingest-job.ts';

export default ingestJob({
  name: 'json',
  form: 'a JSON list',
  file: 'list',
  type: 'application/json',
  path: 'videos.json',
});
