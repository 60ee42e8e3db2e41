import { ingestJob } from './ingest-job.ts';

export default ingestJob({
  name: 'json-lines',
  form: 'JSON Lines',
  file: 'lines',
  type: 'application/x-ndjson',
  path: 'videos.jsonl',
});
