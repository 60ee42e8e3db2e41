import type { SearchFacet, SearchSource } from '../graphql/search-source.ts';

const from: SearchFacet = {
  name: 'source',
  description: 'The source that the document is in.',
  label: 'SELECT s.name FROM data_sources s WHERE s.source_id::text = value',
};

const source: SearchSource = {
  type: 'Document',
  table: 'documents',
  key: 'document_id',
  keyType: 'uuid',
  found: 'searchable_documents',
  open: 't.is_shared',
  created: 'created_at',
  text: `concat_ws(' — ', t.title, t.text)`,
  facets: [{ facet: from, values: 'SELECT t.source_id::text AS value' }],
};
export default source;
