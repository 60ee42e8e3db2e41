/** The GraphQL schema, from every `*.graphql.ts` file there is: adding a type is adding a file. */
import { join } from 'node:path';
import type { GraphQLSchema } from 'graphql';
import { builder } from '../graphql/builder.ts';
import '../graphql/scalars.ts';
import { PROJECT_ROOT } from '../kernel/config.ts';
import { discover } from '../kernel/discover.ts';

/**
 * Loads the files and builds the schema.
 * @throws AppError DECLARATION_INVALID naming the file that cannot be loaded or declares a type twice
 */
export async function loadSchema(folder: string = join(PROJECT_ROOT, 'src')): Promise<GraphQLSchema> {
  await discover(folder, '.graphql.ts');
  return builder.toSchema({ sortSchema: true });
}
