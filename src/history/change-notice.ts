/** What the change log's triggers tell at commit. */
import { isJsonObject } from '../kernel/json.ts';

/** The channel on which it is told. */
export const CHANGES = 'changes';

/** Changes that one statement made; others' may lie between the two. */
export interface ChangeNotice {
  readonly table: string;
  /** The numbers of the first and the last in the change log. */
  readonly from: number;
  readonly to: number;
}

/** A notice's payload, or undefined for one that cannot be read: whoever watches then looks at everything. */
export function readNotice(payload: string | undefined): ChangeNotice | undefined {
  if (payload === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(payload);
  } catch {
    return undefined;
  }
  if (!isJsonObject(value)) return undefined;
  const { table, from, to } = value;
  if (typeof table !== 'string' || typeof from !== 'number' || typeof to !== 'number') return undefined;
  return Number.isSafeInteger(from) && Number.isSafeInteger(to) && from <= to ? { table, from, to } : undefined;
}
