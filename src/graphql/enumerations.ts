/** Closed lists of values as GraphQL enums: upper case in the API, as the database has them inside. */
import { builder } from './builder.ts';
import type { Enumeration } from './entity.ts';

/** Declares a closed list; `values` are as the database has them. */
export const enumeration = (name: string, description: string, values: readonly string[]): Enumeration => ({
  name,
  description,
  values,
});

/** The name of a value in the API: `gap_analysis` is GAP_ANALYSIS. */
export const enumName = (value: string): string => value.toUpperCase();

const enumType = ({ name, description, values }: Enumeration) =>
  builder.enumType(name, {
    description,
    values: Object.fromEntries(
      values.map((value) => [enumName(value), { value, description: value.replaceAll('_', ' ') }]),
    ),
  });

const made = new Map<string, ReturnType<typeof enumType>>();

/** The GraphQL enum of a list, made when first asked for. */
export function enumRef(list: Enumeration): ReturnType<typeof enumType> {
  const known = made.get(list.name);
  if (known !== undefined) return known;
  const ref = enumType(list);
  made.set(list.name, ref);
  return ref;
}
