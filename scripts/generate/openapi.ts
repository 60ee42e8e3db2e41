import { readVersion } from '../../src/server/health.ts';
import { openapiDocument, withDocument } from '../../src/server/rest-docs/document.ts';
import { loadRestRoutes } from '../../src/server/rest-routes.ts';
import type { Generated } from '../generate.ts';

/** REST as one text: what clients generate their code from, and what a change of it shows as. */
const openapi: Generated = {
  path: 'openapi.json',
  render: async () => {
    const version = readVersion();
    const document = openapiDocument(withDocument(await loadRestRoutes(), version), version);
    return `${JSON.stringify(document, null, 2)}\n`;
  },
};

export default openapi;
