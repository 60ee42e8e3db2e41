/** Imports sent under an Idempotency-Key: the id is kept before anything is read, so that the same request is the same import. */
import { loadByKey } from '../graphql/batches.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import type { Row } from '../graphql/entity.ts';
import { isKeyed } from '../graphql/idempotency.ts';
import { mutate } from '../graphql/mutate.ts';
import type { Asked } from '../graphql/selection.ts';
import { AppError } from '../kernel/errors.ts';
import { uuidv7 } from '../kernel/uuid.ts';
import { imports } from './imports.read.ts';

/** The id of the import that this request is, now and whenever it is sent again; undefined without a key. */
export async function importIdUnderKey(context: GraphqlContext, info: Asked): Promise<string | undefined> {
  return isKeyed(context) ? mutate(context, async () => uuidv7(), info) : undefined;
}

/**
 * The import that an earlier sending of the request began; null where there was none, or it ended before it began.
 * @throws AppError CONFLICT while that import runs and this request would wait for its end
 */
export async function importOfId(
  context: GraphqlContext,
  importId: string | undefined,
  wait: boolean,
  columns: readonly string[],
): Promise<Row | null> {
  if (importId === undefined) return null;
  const row = await loadByKey(context, imports, importId, [...new Set([...columns, 'status'])].sort());
  if (!wait || row?.['status'] !== 'running') return row;
  throw new AppError('CONFLICT', 'The same request is being done at this moment', {
    path: 'Idempotency-Key',
    hint: 'Send it again under the same key when the import has ended.',
  });
}
