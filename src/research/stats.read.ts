/** The figures of the dashboard, from the same aggregates that everybody can ask for. */
import { type CountedGroup, countGroups, countRows } from '../graphql/aggregates/figures.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { once } from '../kernel/once.ts';
import { researches } from './researches.read.ts';
import { searchQueue } from './search-queue.read.ts';
import { videos } from './videos.read.ts';

export interface KeyCount {
  readonly key: string;
  readonly count: number;
}

export interface DepartmentCount {
  readonly key: string;
  readonly total: number;
  readonly active: number;
  readonly completed: number;
}

/** Figures that are fetched when they are asked for, each set of them once. */
export interface Stats {
  /** By department and status. */
  readonly researches: () => Promise<readonly CountedGroup[]>;
  readonly videosByStatus: () => Promise<readonly CountedGroup[]>;
  readonly searchesByStatus: () => Promise<readonly CountedGroup[]>;
  readonly recentResearches: () => Promise<number>;
}

const WEEK = 7 * 86_400_000;

export const openStats = (context: GraphqlContext): Stats => ({
  researches: once(() => countGroups(context, researches, ['DEPARTMENT', 'STATUS'])),
  videosByStatus: once(() => countGroups(context, videos, ['STATUS'])),
  searchesByStatus: once(() => countGroups(context, searchQueue, ['STATUS'])),
  recentResearches: once(() => countRows(context, researches, { createdDate: { gte: new Date(Date.now() - WEEK) } })),
});

/** The rows of some groups; 0 where there is no such group. */
const sumOf = (groups: readonly CountedGroup[], isMeant: (key: CountedGroup['key']) => boolean): number =>
  groups.filter(({ key }) => isMeant(key)).reduce((sum, { count }) => sum + count, 0);

/** How often each of the values stands at a place of the keys, in the order of the values. */
export const byValue = (groups: readonly CountedGroup[], place: number, values: readonly string[]): KeyCount[] =>
  values.map((value) => ({ key: value, count: sumOf(groups, (key) => key[place] === value) }));

/** How many researches each department has, from those by department and status; in the order of the departments. */
export const byDepartment = (groups: readonly CountedGroup[], departments: readonly string[]): DepartmentCount[] =>
  departments.map((department) => {
    const ofStatus = (status: string): number => sumOf(groups, ([one, two]) => one === department && two === status);
    return {
      key: department,
      total: sumOf(groups, ([one]) => one === department),
      active: ofStatus('active'),
      completed: ofStatus('completed'),
    };
  });
