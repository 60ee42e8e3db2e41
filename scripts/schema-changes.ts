/** What a changed schema breaks for clients of the released one, and what the changelog must say of it. */
import {
  type BreakingChangeType,
  buildSchema,
  DangerousChangeType,
  findBreakingChanges,
  findDangerousChanges,
} from 'graphql';

export interface SchemaChange {
  /** Where: `Query.videos(first:)`, `Video.title`, `VideoStatus.FAILED`, `Video`. */
  readonly coordinate: string;
  /** What, in graphql's words. */
  readonly description: string;
}

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
export function breakingChanges(released: string, current: string): SchemaChange[] {
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

/** The coordinates that the changelog declares broken: lines that begin with one, under Pending and then Breaking. */
export function declaredBreaking(changelog: string): Set<string> {
  const pending = sectionOf(changelog, '## Pending', /^## /m);
  const breaking = sectionOf(pending, '### Breaking', /^###? /m);
  return new Set([...breaking.matchAll(/^- `([^`]+)`: \S/gm)].map(([, coordinate]) => coordinate ?? ''));
}

function sectionOf(text: string, heading: string, next: RegExp): string {
  const start = text.search(new RegExp(`^${heading}$`, 'm'));
  if (start === -1) return '';
  const body = text.slice(start + heading.length);
  const end = body.search(next);
  return end === -1 ? body : body.slice(0, end);
}

/** What is wrong between schema and changelog, as lines that say what to do; none if nothing is. */
export function changelogFaults(released: string, current: string, changelog: string): string[] {
  const changes = breakingChanges(released, current);
  const declared = declaredBreaking(changelog);
  const broken = new Set(changes.map(({ coordinate }) => coordinate));
  const missing = changes.filter(({ coordinate }) => !declared.has(coordinate));
  const stale = [...declared].filter((coordinate) => !broken.has(coordinate));
  return [
    ...(missing.length === 0
      ? []
      : [
          'schema.graphql breaks clients of the last release (schema.released.graphql). Undo that, or add to CHANGELOG.md under "## Pending", "### Breaking":',
          ...missing.map(({ coordinate, description }) => `- \`${coordinate}\`: ${description}`),
        ]),
    ...stale.map(
      (coordinate) => `CHANGELOG.md calls \`${coordinate}\` broken, but nothing there breaks: take the line out`,
    ),
  ];
}
