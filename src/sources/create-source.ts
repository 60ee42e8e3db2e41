/** A source added and spoken with, in one go. */
import { type WriteSession, writeSession } from '../database/session.ts';
import type { Actor } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';
import { connectWithKeys } from './connections/connect.ts';
import { overAll } from './connections/connectable.ts';
import { markFault } from './connections/connection-status.ts';
import type { Connector } from './connector.ts';
import { checkedKeys, needsNoSecret } from './source-input.ts';
import { addSource, type NewSource, type SourceTools } from './sources.write.ts';
import type { SourcesHouse } from './sources-house.ts';

export interface CreatedSource {
  readonly sourceId: string;
  /** Why the place cannot be reached yet; undefined where it can, or somebody has to sign in first. */
  readonly fault: AppError | undefined;
}

/**
 * Adds a source, and connects it where keys or nothing open it. One that cannot be reached stays, and says why: its settings can
 * be changed. `once` runs the transaction that adds it.
 * @throws AppError BAD_USER_INPUT, CONFLICT: then nothing was added
 */
export async function createSource(
  house: SourcesHouse,
  tools: SourceTools,
  actor: Actor,
  wanted: NewSource & { readonly connector: Connector; readonly keys?: Readonly<Record<string, unknown>> | undefined },
  once: <T>(write: (session: WriteSession) => Promise<T>) => Promise<T>,
): Promise<CreatedSource> {
  const { connector, keys, ...source } = wanted;
  if (keys !== undefined) checkedKeys(connector, keys);
  const sourceId = await once(({ query }) => addSource(query, tools, actor, connector, source));
  if (keys === undefined && !needsNoSecret(connector)) return { sourceId, fault: undefined };
  try {
    await connectWithKeys(house, actor, sourceId, keys ?? {});
    return { sourceId, fault: undefined };
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.kind === 'bug') throw thrown;
    const fault = keys === undefined ? thrown : withoutKeys(thrown);
    await writeSession(house.database.write, overAll(actor), ({ query }) => markFault(query, sourceId, fault));
    return { sourceId, fault };
  }
}

/** Keys are kept once the place has taken them: whoever looks for them later has to know. */
function withoutKeys(fault: AppError): AppError {
  const next = 'Its keys were not kept: give them again (connectSource), or remove the source and add it anew.';
  const hint = fault.hint === undefined ? next : `${fault.hint} ${next}`;
  return new AppError(fault.code, fault.message, { cause: fault, hint });
}
