import { expect, test } from 'vitest';
import { changelogFaults } from '../../scripts/changelog.ts';
import { releasedChangelog } from '../../scripts/release.ts';
import { breakingChanges } from '../../scripts/schema-changes.ts';

const RELEASED = `
  interface Named { name: String }
  type Query implements Named { name: String  videos(first: Int, after: String = "a", status: Status): [Video] }
  type Video { id: ID!  title: String  length: Int }
  type Gone { id: ID }
  union Either = Video | Gone
  enum Status { OPEN DONE }
  input Where { title: String }
`;

const without = (text: string, replacement = ''): string => RELEASED.replace(text, replacement);

test.each([
  ['a field is taken away', without('  length: Int'), 'Video.length'],
  ['a field’s type changes', without('length: Int', 'length: String'), 'Video.length'],
  ['an argument is taken away', without('first: Int, '), 'Query.videos(first:)'],
  ['an argument’s type changes', without('first: Int', 'first: String'), 'Query.videos(first:)'],
  ['an argument is asked for', without('first: Int,', 'first: Int, all: Boolean!,'), 'Query.videos(all:)'],
  ['an argument’s default changes', without('"a"', '"b"'), 'Query.videos(after:)'],
  ['a value is taken away', without('OPEN DONE', 'OPEN'), 'Status.DONE'],
  ['an input asks for more', without('input Where { ', 'input Where { id: ID! '), 'Where.id'],
  ['a type leaves a union', without(' | Gone'), 'Either.Gone'],
  ['an interface is left', without(' implements Named'), 'Query.Named'],
  [
    'a type changes its kind',
    without('type Gone { id: ID }', 'interface Gone { id: ID }').replace(' | Gone', ''),
    'Gone',
  ],
])('when %s, the changelog must name the place', (_what, current, coordinate) => {
  expect(breakingChanges(RELEASED, current).map((change) => change.coordinate)).toContain(coordinate);
  const [first, ...lines] = changelogFaults(
    breakingChanges(RELEASED, current),
    '# Changes\n\n## Pending\n\n- Something.\n',
  );
  expect(first).toContain('### Breaking');
  expect(lines.find((line) => line.startsWith(`- \`${coordinate}\`: `))).toBeDefined();
  // The lines that a failure shows are the ones to add.
  const declared = `# Changes\n\n## Pending\n\n- Something.\n\n### Breaking\n\n${lines.join('\n')}\n\n## 0.1.0\n`;
  expect(changelogFaults(breakingChanges(RELEASED, current), declared)).toEqual([]);
});

test('additions break nobody', () => {
  const current = without('length: Int', 'length: Int  speed: Int').replace('status: Status', 'status: Status, x: Int');
  expect(changelogFaults(breakingChanges(RELEASED, current.replace('OPEN DONE', 'OPEN DONE LATE')), '')).toEqual([]);
});

test('a declaration of an earlier release, or of nothing, does not count', () => {
  const line = '- `Video.length`: nobody used it';
  const earlier = `## Pending\n\n## 0.1.0\n\n### Breaking\n\n${line}\n`;
  expect(changelogFaults(breakingChanges(RELEASED, without('length: Int')), earlier)).toHaveLength(2);
  const stale = `## Pending\n\n### Breaking\n\n${line}\n`;
  expect(changelogFaults(breakingChanges(RELEASED, RELEASED), stale)).toEqual([
    'CHANGELOG.md calls `Video.length` broken, but nothing there breaks: take the line out',
  ]);
});

test('a release moves what is pending under its version, and needs something pending', () => {
  const changelog = '# Changes\n\n## Pending\n\n- New.\n\n## 0.1.0\n\n- Old.\n';
  const released = releasedChangelog(changelog, '0.2.0');
  expect(released).toBe('# Changes\n\n## Pending\n\n## 0.2.0\n\n- New.\n\n## 0.1.0\n\n- Old.\n');
  expect(() => releasedChangelog(released, '0.3.0')).toThrow('nothing under');
  expect(() => releasedChangelog(changelog, '0.1.0')).toThrow('already');
  expect(() => releasedChangelog(changelog, 'next')).toThrow('no version');
});
