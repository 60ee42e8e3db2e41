import { join } from 'node:path';
import { printSchema } from 'graphql';
import { typedDocuments } from '../../codegen.ts';
import { PROJECT_ROOT } from '../../src/kernel/config.ts';
import { loadSchema } from '../../src/server/schema.ts';
import type { Generated } from '../generate.ts';

/** The documents that clients send already, typed. */
const documents: Generated = {
  path: 'test/generated/contract-documents.ts',
  render: async () => typedDocuments(printSchema(await loadSchema()), join(PROJECT_ROOT, 'test', 'contract-documents')),
};

export default documents;
