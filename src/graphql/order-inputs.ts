/** The inputs of `orderBy`, made from the declarations: one per type. */
import { builder } from './builder.ts';
import { entityReads, inWords } from './entities.ts';
import type { EntityReads } from './entity.ts';

export const DirectionEnum = builder.enumType('Direction', {
  description: 'Which way a list is ordered, and where what is absent comes: last, unless the name says otherwise.',
  values: {
    ASC: { value: 'ASC', description: 'Smallest, earliest or alphabetically first comes first.' },
    DESC: { value: 'DESC', description: 'Largest, latest or alphabetically last comes first.' },
    ASC_NULLS_FIRST: { value: 'ASC_NULLS_FIRST', description: 'What is absent first, then as ASC.' },
    DESC_NULLS_FIRST: { value: 'DESC_NULLS_FIRST', description: 'What is absent first, then as DESC.' },
  } as const,
});

const inputRef = (name: string) => builder.inputRef<Record<string, unknown>>(name);
export type OrderRef = ReturnType<typeof inputRef>;

const made = new Map<string, OrderRef>();

function inputOnce(name: string, implement: (ref: OrderRef) => void): OrderRef {
  const known = made.get(name);
  if (known !== undefined) return known;
  const ref = inputRef(name);
  made.set(name, ref);
  implement(ref);
  return ref;
}

/** The input type of a type's `orderBy`: one field each, its own, a related row's, or the count of a list. */
export function orderInput(reads: EntityReads): OrderRef {
  return inputOnce(`${reads.type}Order`, (ref) => {
    ref.implement({
      description: `An order of ${inWords(reads)}: one field each; the list's next entry decides between equals.${exampleOf(reads)}`,
      isOneOf: true,
      fields: (t) => ({
        ...Object.fromEntries(
          Object.entries(reads.fields)
            .filter(([, field]) => field.order)
            .map(([name, field]) => [name, t.field({ type: DirectionEnum, description: field.description })]),
        ),
        ...Object.fromEntries(
          Object.entries(reads.relations).map(([name, relation]) => [
            name,
            relation.kind === 'one'
              ? t.field({
                  type: orderInput(entityReads(relation.target)),
                  description: `By a field of it: ${relation.description} What has none comes last, or first if asked.`,
                })
              : t.field({ type: countInput(), description: `By how many there are: ${relation.description}` }),
          ]),
        ),
      }),
    });
  });
}

const countInput = (): OrderRef =>
  inputOnce('ListOrder', (ref) => {
    ref.implement({
      description: 'An order by a list that each row has. Such as `orderBy: [{ videos: { count: DESC } }]`.',
      fields: (t) => ({
        count: t.field({ type: DirectionEnum, required: true, description: 'By how many rows the list has.' }),
      }),
    });
  });

function exampleOf(reads: EntityReads): string {
  const own = reads.order.map(([name, direction]) => `{ ${name}: ${direction} }`);
  const relations = Object.entries(reads.relations).flatMap(([name, relation]) => {
    if (relation.kind !== 'one') return [`{ ${name}: { count: DESC } }`];
    const [field] = Object.entries(entityReads(relation.target).fields).find(([, { kind }]) => kind === 'text') ?? [];
    return field === undefined ? [] : [`{ ${name}: { ${field}: ASC } }`];
  });
  return ` Such as \`orderBy: [${[...relations.slice(0, 1), ...own].join(', ')}]\`.`;
}
