/** What GraphiQL opens with: one tab for each question that each kind of user asks first. The reference shows them as examples. */
import { ADMIN } from './starters/admin.ts';
import { ANALYST } from './starters/analyst.ts';
import { DASHBOARD } from './starters/dashboard.ts';
import { EDITOR } from './starters/editor.ts';
import { SCRIPT } from './starters/script.ts';
import type { StarterQuery } from './starters/starter.ts';

export type { StarterQuery };

const KINDS = [DASHBOARD, ANALYST, SCRIPT, EDITOR, ADMIN];

/** One of each kind of user first: more tabs than these are not seen at once. */
export const STARTER_QUERIES: readonly StarterQuery[] = [
  ...KINDS.flatMap((starters) => starters.slice(0, 1)),
  ...KINDS.flatMap((starters) => starters.slice(1)),
];
