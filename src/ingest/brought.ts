/** What a record brings along is checked like the record itself, or one odd name would cost the whole file. */
import type { Brought, FieldValue, RejectReason } from './dataset.ts';
import { asSeen, unseenFault } from './fields/unseen.ts';
import { jsonFault } from './json-fault.ts';

/** Mentions are indexed, and an index entry holds 2704 bytes at most: with the other columns this many always fit. */
const LONGEST_KEY = 255;

/**
 * What a file's rules made of a record, with each key that it mentions in the one spelling of what it looks like. The keys of a link
 * are its fields, read already, and those of an export are the rows' own, whatever they hold.
 */
export function keysAsSeen(brought: Brought): Brought {
  if (brought.references === undefined) return brought;
  // A longer one leads nowhere, and to look at it could take long.
  const spelled = (key: string): string => (isLong(key) ? key : asSeen(key));
  return {
    ...brought,
    references: brought.references.map(({ owner, target, ...rest }) => ({
      ...rest,
      owner: spelled(owner),
      target: typeof target === 'string' ? spelled(target) : target,
    })),
  };
}

/** Why keys that a record mentions {@link keysAsSeen} are none: nobody sees all that they hold. */
export function unseenFaults({ references = [] }: Brought): RejectReason[] {
  return references.flatMap(({ relation, owner, target }) =>
    (typeof target === 'string' ? [owner, target] : [owner]).flatMap((key): RejectReason[] => {
      // What is too long is a fault of its own, and to look at it could take long.
      const message = isLong(key) ? undefined : unseenFault(key);
      return message === undefined ? [] : [{ field: relation, code: 'INVALID_ID', message, value: shown(key) }];
    }),
  );
}

const shown = (value: string): string => value.slice(0, LONGEST_KEY).toWellFormed().replaceAll('\0', '�');

/** Why what a record brings cannot be kept, one reason per mention or row; empty where all of it can. */
export function broughtFaults({ references = [], derived = [], parts = {} }: Brought): RejectReason[] {
  const faults: RejectReason[] = [];
  const tell = (field: string, code: RejectReason['code'], message: string, value: string | null): void => {
    faults.push({
      field,
      code,
      message,
      value: value === null ? null : shown(value),
    });
  };
  for (const { relation, owner, target, attributes } of references) {
    for (const key of [owner, typeof target === 'string' ? target : target.name]) {
      const fault = jsonFault(key);
      if (fault !== undefined) tell(relation, 'INVALID_VALUE', fault, key);
      else if (isLong(key))
        tell(
          relation,
          'TOO_LONG',
          `A key or name of ${key.length} characters leads nowhere; ${LONGEST_KEY} are the most.`,
          key,
        );
    }
    const fault = attributes === undefined ? undefined : jsonFault(attributes);
    if (fault !== undefined) tell(relation, 'INVALID_VALUE', fault, null);
  }
  const rows: [string, Readonly<Record<string, FieldValue>>][] = derived.map(({ table, fields }) => [table, fields]);
  for (const [table, list] of Object.entries(parts)) for (const row of list) rows.push([table, row]);
  for (const [table, row] of rows) {
    for (const [column, value] of Object.entries(row)) {
      const fault = jsonFault(value);
      if (fault !== undefined)
        tell(`${table}.${column}`, 'INVALID_VALUE', fault, typeof value === 'string' ? value : null);
    }
  }
  return faults;
}

function isLong(key: string): boolean {
  return key.length > LONGEST_KEY && [...key].length > LONGEST_KEY;
}
