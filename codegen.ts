/** Typed documents for scripts and tests: what each document in a folder takes and answers, as TypeScript. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codegen } from '@graphql-codegen/core';
import * as typedDocumentNode from '@graphql-codegen/typed-document-node';
import * as typescriptOperations from '@graphql-codegen/typescript-operations';
import { parse } from 'graphql';

const HEADER = '// Written by `npm run generate` from the documents beside it and schema.graphql: change those.\n';

/** How the values of our scalars travel as JSON. */
const SCALARS = { DateTime: 'string', JSON: 'unknown', BigInt: 'string', File: 'File' };

/**
 * A module with one typed document per operation of the `.graphql` files in `folder`, checked against `schema` (SDL).
 * @throws Error when a document does not fit the schema
 */
export async function typedDocuments(schema: string, folder: string): Promise<string> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.graphql')).sort();
  const documents = await Promise.all(
    files.map(async (name) => ({ location: name, document: parse(await readFile(join(folder, name), 'utf8')) })),
  );
  const code = await codegen({
    schema: parse(schema),
    documents,
    filename: 'documents.ts',
    config: {
      scalars: SCALARS,
      strictScalars: true,
      enumsAsTypes: true,
      useTypeImports: true,
      skipTypename: true,
      onlyOperationTypes: true,
    },
    plugins: [{ typescriptOperations: {} }, { typedDocumentNode: {} }],
    pluginMap: { typescriptOperations, typedDocumentNode },
  });
  return `${HEADER}${code}`;
}
