/** What a run of the bench found, as it is printed and written as JSON. */

export interface ContenderResult {
  readonly name: string;
  readonly role: 'subject' | 'peer' | 'limit';
  /** Median of the rounds, in the job's unit; null where it could not run. */
  readonly value: number | null;
  /** One value per round. */
  readonly rounds: readonly number[];
  /** How many times as fast the subject was; null for the subject itself and where it could not run. */
  readonly ratio: number | null;
  /** SQL statements per request or import, where the job counts them. */
  readonly statements: number | null;
  /** Medians of what was measured beside the value. */
  readonly figures: Readonly<Record<string, number>>;
  /** Why it could not run here. */
  readonly missing?: string;
}

export interface Verdict {
  /** In words, such as `at least 1.5 × PostGraphile`. */
  readonly target: string;
  /** What was found, in words; why it was not judged where `isMet` is null. */
  readonly found: string;
  readonly isMet: boolean | null;
}

export interface JobResult {
  readonly name: string;
  readonly measures: string;
  readonly unit: string;
  readonly contenders: readonly ContenderResult[];
  readonly verdicts: readonly Verdict[];
  readonly versions: Readonly<Record<string, string>>;
  /** Why the job came to no end; its contenders are then empty. */
  readonly fault?: string;
}

export interface BenchResult {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly machine: { readonly processors: number; readonly model: string; readonly memoryGb: number };
  readonly versions: Readonly<Record<string, string>>;
  readonly options: {
    readonly scale: number;
    readonly rounds: number;
    readonly seconds: number;
    readonly seed: number;
  };
  readonly jobs: readonly JobResult[];
  /** Targets that hold over the jobs of one suite. */
  readonly suites: readonly { readonly suite: string; readonly verdicts: readonly Verdict[] }[];
  /** Whether every judged target was met and every job came to its end. */
  readonly isMet: boolean;
}
