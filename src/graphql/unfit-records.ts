/**
 * Text that cannot be kept is refused wherever it enters, except where a field says that it refuses it by itself: one of a
 * thousand records must not cost the others. What is let through is opaque to every other reader.
 */
import { type ExecutionArgs, Kind, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import { emptyObject, type MutableJsonObject } from '../kernel/json.ts';
import { textFaultIn } from '../kernel/text-fault.ts';

/** The extension of a list argument whose items may hold any text; as JSON text they are what the client sent. */
export const TAKES_ANY_TEXT = { takesAnyText: true } as const;

const letThrough = new WeakMap<object, MutableJsonObject>();

/** An item that was let through, or undefined for any other value. */
export const unfitItem = (value: object): MutableJsonObject | undefined => letThrough.get(value);

/** The variables, with the unfit items of such arguments let through. What else holds unfit text is as it was. */
export function withUnfitItems({ schema, document, variableValues }: ExecutionArgs): Record<string, unknown> {
  const typeInfo = new TypeInfo(schema);
  const taken = new Set<string>();
  const checked = new Set<string>();
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Variable: (node, _key, parent) => {
        if (parent === undefined || !('kind' in parent) || parent.kind === Kind.VARIABLE_DEFINITION) return;
        const isWhole = parent.kind === Kind.ARGUMENT;
        const takesAny = isWhole && typeInfo.getArgument()?.extensions['takesAnyText'] === true;
        (takesAny ? taken : checked).add(node.name.value);
      },
    }),
  );
  const values = Object.entries(variableValues ?? {}).map(([name, value]): [string, unknown] => {
    const isTaken = taken.has(name) && !checked.has(name) && Array.isArray(value);
    return [
      name,
      isTaken ? value.map((item: unknown) => (textFaultIn(item) === undefined ? item : wrapped(item))) : value,
    ];
  });
  return Object.fromEntries(values);
}

function wrapped(item: unknown): MutableJsonObject {
  const shell = Object.defineProperty(emptyObject(), 'toJSON', { value: () => item });
  letThrough.set(shell, shell);
  return shell;
}
