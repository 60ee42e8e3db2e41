/** Closed lists of values as GraphQL's own enums. */
import { builder } from './builder.ts';
import type { Enumeration } from './entity.ts';
import { enumName } from './enumerations.ts';

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
