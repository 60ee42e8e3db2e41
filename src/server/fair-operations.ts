/** For a GraphQL server: queries and mutations are executed when their actor's turn has come. */
import { type ExecutionArgs, GraphQLError, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { GraphqlContext } from '../graphql/context.ts';
import { inTurn, type Lane } from '../graphql/turn.ts';
import { AppError } from '../kernel/errors.ts';
import { rootFields } from './root-fields.ts';

/** Put it after what chooses how an operation is executed. */
export function useTurns(): Plugin<GraphqlContext> {
  return {
    onExecute: ({ args, executeFn, setExecuteFn }) => {
      const lane = laneOf(args);
      const context: GraphqlContext = args.contextValue;
      setExecuteFn(async (given: ExecutionArgs) => {
        try {
          return await inTurn(context, lane, () => executeFn(given));
        } catch (thrown) {
          if (!(thrown instanceof AppError)) throw thrown;
          return { errors: [new GraphQLError(thrown.message, { originalError: thrown })] };
        }
      });
    },
  };
}

/** Imports have theirs: an edit must not wait for hours behind files. */
function laneOf({ schema, document, operationName }: ExecutionArgs): Lane {
  const operation = getOperationAST(document, operationName);
  if (operation?.operation !== 'mutation') return 'read';
  const fields = schema.getMutationType()?.getFields() ?? {};
  const isImport = rootFields(document, operation.selectionSet).some(
    (name) => fields[name]?.extensions['lane'] === 'import',
  );
  return isImport ? 'import' : 'write';
}
