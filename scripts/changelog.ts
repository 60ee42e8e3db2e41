/** What an API breaks, held against what the changelog says of it. */

export interface ApiChange {
  /** Where: `Query.videos(first:)`, `VideoStatus.FAILED`, `GET /api/v1/videos?status`. */
  readonly coordinate: string;
  readonly description: string;
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

/** What is wrong between the changes of both APIs and the changelog, as lines that say what to do; none if nothing is. */
export function changelogFaults(changes: readonly ApiChange[], changelog: string): string[] {
  const declared = declaredBreaking(changelog);
  const broken = new Set(changes.map(({ coordinate }) => coordinate));
  const missing = changes.filter(({ coordinate }) => !declared.has(coordinate));
  const stale = [...declared].filter((coordinate) => !broken.has(coordinate));
  return [
    ...(missing.length === 0
      ? []
      : [
          'schema.graphql or openapi.json breaks clients of the last release (schema.released.graphql, openapi.released.json). Undo that, or add to CHANGELOG.md under "## Pending", "### Breaking":',
          ...missing.map(({ coordinate, description }) => `- \`${coordinate}\`: ${description}`),
        ]),
    ...stale.map(
      (coordinate) => `CHANGELOG.md calls \`${coordinate}\` broken, but nothing there breaks: take the line out`,
    ),
  ];
}
