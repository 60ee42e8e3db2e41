/** `sort=-created_date,title` as the declaration's own order. */
import { MOST_KEYS } from '../graphql/ordering.ts';
import { AppError } from '../kernel/errors.ts';
import type { RestEntity } from './entity.ts';

/** The fields by which a list may be sorted. */
export const sortable = ({ fields }: RestEntity): string[] =>
  [...fields.values()].filter(({ reads, declared }) => reads.order && declared !== undefined).map(({ name }) => name);

/**
 * `orderBy` for {@link readOrder}; undefined for the list's own order. A minus before a name puts the largest first; what
 * has no value always comes last.
 * @throws AppError BAD_USER_INPUT
 */
export function readSort(entity: RestEntity, sort: string | undefined): object[] | undefined {
  if (sort === undefined) return undefined;
  const names = sort.split(',').map((name) => name.trim());
  const fields = names.map((name) => name.replace(/^-/, ''));
  if (names.length > MOST_KEYS) throw bad(entity, `takes ${MOST_KEYS} fields at most`);
  if (new Set(fields).size < fields.length) throw bad(entity, 'names a field twice');
  return names.map((name, index) => {
    const field = entity.fields.get(fields[index] ?? '');
    if (field?.declared === undefined || !field.reads.order) {
      throw bad(entity, `names ${JSON.stringify(name.slice(0, 100))}, by which this list is not sorted`);
    }
    return { [field.declared]: name.startsWith('-') ? 'DESC' : 'ASC' };
  });
}

const bad = (entity: RestEntity, message: string): AppError =>
  new AppError('BAD_USER_INPUT', `\`sort\` ${message}`, {
    path: 'sort',
    hint: `Name one of ${sortable(entity).join(', ')}, with a minus before it for the largest first.`,
  });
