/** What a changed schema breaks for clients of the released one. */
import {
  type BreakingChangeType,
  buildSchema,
  DangerousChangeType,
  findBreakingChanges,
  findDangerousChanges,
} from 'graphql';
import type { ApiChange } from './changelog.ts';

type Kind = `${BreakingChangeType}` | `${DangerousChangeType}`;

/** Where graphql's sentence of each kind names the place: type, then member, then argument. */
const PLACES: Partial<Record<Kind, RegExp>> = {
  TYPE_REMOVED: /^(?:Standard scalar )?(?<type>\w+) was removed/,
  TYPE_CHANGED_KIND: /^(?<type>\w+) changed from/,
  TYPE_REMOVED_FROM_UNION: /^(?<member>\w+) was removed from union type (?<type>\w+)\.$/,
  VALUE_REMOVED_FROM_ENUM: /^(?<member>\w+) was removed from enum type (?<type>\w+)\.$/,
  REQUIRED_INPUT_FIELD_ADDED: /^A required field (?<member>\w+) on input type (?<type>\w+) was added/,
  IMPLEMENTED_INTERFACE_REMOVED: /^(?<type>\w+) no longer implements interface (?<member>\w+)\.$/,
  FIELD_REMOVED: /^(?<type>\w+)\.(?<member>\w+) was removed/,
  FIELD_CHANGED_KIND: /^(?<type>\w+)\.(?<member>\w+) changed type/,
  REQUIRED_ARG_ADDED: /^A required arg (?<argument>\w+) on (?<type>\w+)\.(?<member>\w+) was added/,
  ARG_REMOVED: /^(?<type>\w+)\.(?<member>\w+) arg (?<argument>\w+) was removed/,
  ARG_CHANGED_KIND: /^(?<type>\w+)\.(?<member>\w+) arg (?<argument>\w+) has changed type/,
  ARG_DEFAULT_VALUE_CHANGE: /^(?<type>\w+)\.(?<member>\w+) arg (?<argument>\w+) has changed defaultValue/,
};

/** What breaks clients, and silently changed defaults, which do so without an error; by coordinate. */
export function breakingChanges(released: string, current: string): ApiChange[] {
  const [before, after] = [buildSchema(released), buildSchema(current)];
  const defaults = findDangerousChanges(before, after).filter(
    ({ type }) => type === DangerousChangeType.ARG_DEFAULT_VALUE_CHANGE,
  );
  return [...findBreakingChanges(before, after), ...defaults]
    .map(({ type, description }) => ({ coordinate: coordinateOf(type, description), description }))
    .sort((a, b) => (a.coordinate < b.coordinate ? -1 : a.coordinate > b.coordinate ? 1 : 0));
}

function coordinateOf(kind: Kind, description: string): string {
  const { type, member, argument } = PLACES[kind]?.exec(description)?.groups ?? {};
  // Directives: their sentences are their own coordinates.
  if (type === undefined) return description.replace(/\.$/, '');
  const place = member === undefined ? type : `${type}.${member}`;
  return argument === undefined ? place : `${place}(${argument}:)`;
}
