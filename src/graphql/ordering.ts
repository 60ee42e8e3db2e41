/** Orders of lists: `orderBy: [{ createdDate: DESC }]` to the keys by which its rows are placed. */
import { AppError } from '../kernel/errors.ts';
import { builder } from './builder.ts';
import { fieldOf, inWords } from './entities.ts';
import type { Direction, EntityReads, FieldKind } from './entity.ts';

/** One column of an order. The last of a list is always the key, so that no two rows share a place. */
export interface OrderKey {
  /** The field's name. */
  readonly name: string;
  readonly column: string;
  readonly kind: FieldKind;
  readonly nullable: boolean;
  readonly direction: Direction;
}

const MOST_KEYS = 5;

const DirectionEnum = builder.enumType('Direction', {
  description: 'Which way a list is ordered. What is absent comes last either way.',
  values: {
    ASC: { value: 'ASC', description: 'Smallest, earliest or alphabetically first comes first.' },
    DESC: { value: 'DESC', description: 'Largest, latest or alphabetically last comes first.' },
  } as const,
});

/** The input type of a type's `orderBy`: one field each. */
export function orderInput(reads: EntityReads) {
  return builder.inputType(`${reads.type}Order`, {
    description: `An order of ${inWords(reads)}: one field each; the list's next entry decides between equals.`,
    isOneOf: true,
    fields: (t) =>
      Object.fromEntries(
        Object.entries(reads.fields)
          .filter(([, field]) => field.order)
          .map(([name, field]) => [name, t.field({ type: DirectionEnum, description: field.description })]),
      ),
  });
}

/**
 * The order asked for, or the type's own, with the key last.
 * @throws AppError BAD_USER_INPUT when an entry names not exactly one field, or one twice
 */
export function readOrder(reads: EntityReads, orderBy: readonly object[] | null | undefined): OrderKey[] {
  const asked = orderBy?.length ? orderBy.map(readEntry) : reads.order;
  if (asked.length > MOST_KEYS) throw badOrder(`\`orderBy\` takes ${MOST_KEYS} fields at most`);
  const names = asked.map(([name]) => name);
  if (new Set(names).size !== names.length) throw badOrder('`orderBy` names a field twice');
  const keys = asked.map(([name, direction]) => orderKey(reads, name, direction));
  return names.includes(reads.key) ? keys : [...keys, orderKey(reads, reads.key, 'ASC')];
}

function orderKey(reads: EntityReads, name: string, direction: Direction): OrderKey {
  const { column, kind, nullable } = fieldOf(reads, name);
  return { name, column, kind, nullable, direction };
}

/** Compiled executors do not enforce one field per entry, so it is checked here. */
function readEntry(entry: object): readonly [string, Direction] {
  const given = Object.entries(entry).filter(([, direction]) => direction !== undefined);
  const [name, direction] = given[0] ?? [];
  if (given.length === 1 && name !== undefined && (direction === 'ASC' || direction === 'DESC'))
    return [name, direction];
  throw badOrder('Each entry of `orderBy` names exactly one field');
}

const badOrder = (message: string): AppError =>
  new AppError('BAD_USER_INPUT', message, {
    path: 'orderBy',
    hint: 'Such as orderBy: [{ status: ASC }, { createdDate: DESC }].',
  });
