/** What people say of a source, checked. */
import picomatch from 'picomatch';
import { AppError } from '../kernel/errors.ts';
import { isJsonObject } from '../kernel/json.ts';
import type { Connector } from './connector.ts';

/** What becomes of items: a dataset by name, `document`, or `ignore`. */
export interface GivenRule {
  readonly pattern: string;
  readonly dataset: string;
}

const MOST_RULES = 200;
const LONGEST_PATTERN = 1_000;
const LONGEST_KEY = 20_000;

export const refused = (path: string, words: string, hint?: string): AppError =>
  new AppError('BAD_USER_INPUT', `\`${path}\` ${words}`, { path, ...(hint !== undefined && { hint }) });

/** @throws AppError BAD_USER_INPUT */
export function checkedName(name: string): string {
  const text = name.trim();
  if (text.length < 1 || text.length > 200) throw refused('name', 'has 1 to 200 characters');
  return text;
}

/** @throws AppError BAD_USER_INPUT naming the rule that cannot hold */
export function checkedRules(given: readonly GivenRule[], datasets: ReadonlySet<string>): readonly GivenRule[] {
  if (given.length > MOST_RULES) throw refused('rules', `are ${MOST_RULES} at most`);
  return given.map(({ pattern, dataset }, index) => {
    const place = `rules.${index}`;
    if (pattern.length < 1 || pattern.length > LONGEST_PATTERN)
      throw refused(`${place}.pattern`, 'has 1 to 1000 characters');
    try {
      picomatch.makeRe(pattern);
    } catch {
      throw refused(
        `${place}.pattern`,
        'is no pattern',
        'Such as **/*.csv: * is anything but a slash, ** is anything.',
      );
    }
    const isKnown = dataset === 'document' || dataset === 'ignore' || datasets.has(dataset);
    if (!isKnown) throw refused(`${place}.dataset`, 'is a dataset by name, document, or ignore');
    return { pattern, dataset };
  });
}

/** Whole percent. @throws AppError BAD_USER_INPUT */
export function checkedGuard(percent: number): number {
  if (Number.isInteger(percent) && percent >= 0 && percent <= 100) return percent;
  throw refused('deleteGuard', 'is a whole number of percent, 0 to 100');
}

/**
 * The secrets that open a place, by name; undefined where none are given.
 * @throws AppError BAD_USER_INPUT for one that the connector does not declare, or lacks
 */
export function checkedKeys(
  { keys = {}, title }: Connector,
  given: unknown,
): Readonly<Record<string, string>> | undefined {
  if (given === undefined || given === null) return undefined;
  if (!isJsonObject(given)) throw refused('keys', 'are an object of texts');
  const checked: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(keys, name)) throw refused(`keys.${name.slice(0, 50)}`, `is no key of ${title}`);
    // Its value is told nowhere, not even where it does not fit.
    if (typeof value !== 'string' || value.trim() === '' || value.length > LONGEST_KEY)
      throw refused(`keys.${name}`, 'is a text that is not empty');
    checked[name] = value.trim();
  }
  const missing = Object.entries(keys).find(
    ([name, { isOptional }]) => isOptional !== true && checked[name] === undefined,
  );
  if (missing !== undefined) throw refused(`keys.${missing[0]}`, 'is missing', missing[1].description);
  return checked;
}

/** Whether a source of this kind can be reached with nothing but its settings. */
export const needsNoSecret = ({ oauth, keys = {} }: Connector): boolean =>
  oauth === undefined && Object.values(keys).every(({ isOptional }) => isOptional === true);
