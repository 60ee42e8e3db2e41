/**
 * An answer reduced to what it says: three programs say the same in shapes of their own, and a comparison of speeds is worth
 * nothing unless they do.
 */

/** Where the programs have no order in common, and none was asked for. */
const UNORDERED = new Set(['influencers', 'analyses', 'videosAggregate', 'researchesAggregate', 'analysesAggregate']);
/** Values that Cairn tells as the names of an enumeration, and tables as text. */
const ENUMERATED = new Set(['status', 'department', 'analysisType']);
/** Wrappings around a list or a row that say nothing. */
const WRAPPINGS = ['nodes', 'edges', 'groups', 'influencer'];
const DATE = /^\d{4}-\d\d-\d\dT/;
/** ts_rank counts in single precision. */
const RANK_DIGITS = 6;

/** The same for answers that say the same. */
export function canonical(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) {
    const items: unknown[] = value.map((item) => canonical(item));
    if (!UNORDERED.has(name)) return items;
    return items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof value === 'object' && value !== null) return canonicalObject(value, name);
  if (name === 'rank') return Number(value).toFixed(RANK_DIGITS);
  if (name === 'count') return Number(value);
  if (typeof value !== 'string') return value;
  if (ENUMERATED.has(name)) return value.toUpperCase();
  return DATE.test(value) ? new Date(value).getTime() : value;
}

function canonicalObject(value: object, name: string): unknown {
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first !== undefined && WRAPPINGS.includes(first[0])) return canonical(first[1], name);
  // A list's edge and a group's key are parts of the row that they stand for.
  const flat = entries.flatMap(([key, part]): [string, unknown][] => {
    const isPart = (key === 'node' || key === 'key') && typeof part === 'object' && part !== null;
    return isPart ? Object.entries(part) : [[key, part]];
  });
  flat.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(flat.map(([key, part]) => [key, canonical(part, key)]));
}
