/**
 * What a job of the bench declares. A job is one file `bench/<suite>/<name>.job.ts`, found by folder, whose default export is a
 * {@link Job}: one thing that is measured, for the subject (Cairn) beside its limits and its peers.
 *
 * The words: a **contender** is one way to do the job. The **subject** is Cairn's own. A **peer** is another system that people
 * would use instead. A **limit** is the least that could possibly be done. A **round** runs every contender once, in turn
 * (A B A B): what disturbs the machine disturbs all of them. A figure is the median of the rounds; the ratio of two contenders is
 * the median of the rounds' ratios, so that a slow minute counts for both or for none.
 */

/** What one run of a contender measured. */
export interface Measurement {
  /** In the job's unit. */
  readonly value: number;
  /** Told beside it: names with their unit, such as `p99 ms`, `peak MB`. */
  readonly figures?: Readonly<Record<string, number>>;
}

export interface Contender {
  /** As the table shows it and targets name it, such as `cairn`, `PostGraphile`, `json_agg`, `\copy + merge`. */
  readonly name: string;
  readonly role: 'subject' | 'peer' | 'limit';
  /** Undoes what the round before left and checks nothing else; not measured. */
  readonly prepare?: () => Promise<void>;
  /** One measured run. Throws when what it did or was answered is wrong: a wrong answer has no speed. */
  readonly run: () => Promise<Measurement>;
  /** SQL statements per request, import or whatever the job counts. */
  readonly statements?: number | (() => Promise<number>);
}

/** A contender that this machine cannot run: told in the table as missing, and its targets are not judged. */
export interface MissingContender {
  readonly name: string;
  readonly role: 'peer' | 'limit';
  /** Why, and what would bring it, such as `pgloader is not installed`. */
  readonly missing: string;
}

/** The subject's value as a share of another contender's: times as fast, whichever way the unit counts. */
export interface RatioTarget {
  readonly kind: 'ratio';
  readonly against: string;
  readonly atLeast: number;
}

/** A bound on the subject's value, or on one of its figures, in that figure's own unit. */
export interface BoundTarget {
  readonly kind: 'bound';
  /** Names a figure; the value itself unless given. */
  readonly figure?: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** A ratio that not every job of the suite has to reach, but so many. Declared by one job, judged over its suite. */
export interface SuiteTarget {
  readonly kind: 'suite';
  readonly against: string;
  readonly atLeast: number;
  readonly jobs: number;
}

export type Target = RatioTarget | BoundTarget | SuiteTarget;

/** A job, ready to run. */
export interface OpenJob {
  /** Exactly one is the subject. Each round runs them in this order. */
  readonly contenders: readonly (Contender | MissingContender)[];
  /** Versions of the programs that take part, by name. */
  readonly versions?: Readonly<Record<string, string>>;
  readonly close?: () => Promise<void>;
}

export interface Job {
  /** `<suite>/<what>`, such as `reads/nested`: what `--only` takes, whole or its beginning. */
  readonly name: string;
  /** One line: what is done with how much data, at the full scale. */
  readonly measures: string;
  /** Of every contender's value, such as `requests/s`, `rows/s`, `ms`. */
  readonly unit: string;
  /** Whether more of the unit is better, or less. */
  readonly better: 'more' | 'less';
  readonly targets: readonly Target[];
  /** For jobs that take minutes: fewer rounds than the run's, never more. */
  readonly mostRounds?: number;
  readonly open: (bench: Bench) => Promise<OpenJob>;
}

/** What every job is given. */
export interface Bench {
  /** 1 is the size that the targets are for; 0.01 makes a hundredth of the data. */
  readonly scale: number;
  /** `base` at this scale, as a whole number, at least `least` (1). */
  readonly sized: (base: number, least?: number) => number;
  /** Of everything random: the same seed makes the same data. */
  readonly seed: number;
  /** An empty folder for this run, which removes it afterwards. */
  readonly folder: string;
  /** Seconds that one run of a load lasts. */
  readonly seconds: number;
  /** Tells the person who waits, on stderr. */
  readonly note: (text: string) => void;
  /**
   * What several jobs of one suite need, such as a server with the data: opened by the first that asks under this key, closed
   * after the suite's last job.
   */
  readonly share: <T>(key: string, open: () => Promise<Shared<T>>) => Promise<T>;
}

export interface Shared<T> {
  readonly value: T;
  readonly close: () => Promise<void>;
}

/** Gives the literal its type; what discovery looks for. */
export function defineJob(job: Job): Job {
  return job;
}
