import { printSchema } from 'graphql';
import { loadSchema } from '../../src/server/schema.ts';
import type { Generated } from '../generate.ts';

/** The API as one text: what clients read, and what a change of the API shows as. */
const schema: Generated = {
  path: 'schema.graphql',
  render: async () => `${printSchema(await loadSchema())}\n`,
};

export default schema;
