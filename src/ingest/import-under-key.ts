/** Imports sent under an Idempotency-Key: the import's id is kept before anything is read, so that the same request is the same import. */
import { loadByKey } from '../graphql/batches.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import type { Row } from '../graphql/entity.ts';
import { forgetResult, isKeyed } from '../graphql/idempotency.ts';
import { mutate } from '../graphql/mutate.ts';
import type { Asked } from '../graphql/selection.ts';
import { AppError } from '../kernel/errors.ts';
import { uuidv7 } from '../kernel/uuid.ts';
import { imports } from './imports.read.ts';

/** How the import's row is asked for. */
export interface AskedImport {
  readonly info: Asked;
  readonly columns: readonly string[];
}

/**
 * Runs the import, unless the same request began it before: then its row as it is now.
 * @throws AppError CONFLICT while that import runs; whatever `run` throws
 */
export async function importUnderKey(
  context: GraphqlContext,
  { info, columns }: AskedImport,
  run: (importId: string | undefined) => Promise<Row>,
): Promise<Row> {
  if (!isKeyed(context)) return run(undefined);
  const own = uuidv7();
  const importId = await mutate(context, async () => own, info);
  if (importId === own) {
    try {
      return await run(own);
    } catch (thrown) {
      await context.reads.refresh();
      // Refused before it began: put right, it may be sent under the same key.
      if ((await loadByKey(context, imports, own, [])) === null) await forgetResult(context, info, own);
      throw thrown;
    }
  }
  const row = await loadByKey(context, imports, importId, [...new Set([...columns, 'status'])].sort());
  if (row !== null && row['status'] !== 'running') return row;
  throw new AppError('CONFLICT', 'The same request is being done at this moment', {
    path: 'Idempotency-Key',
    hint: 'Send it again when the import has ended; if it never began, send it under another key.',
  });
}
