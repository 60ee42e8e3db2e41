/** A case as the run knows it: what it is called, how it is run, how it is run again. */
import type { Verdict } from './verdict.ts';
import type { World } from './world.ts';

export interface Case {
  /** Such as `kill import.batch:3`; unique in a run. */
  readonly name: string;
  /** The crash points at which it kills. */
  readonly kills?: readonly string[];
  /** A line that meets the same fault by hand, where one does. */
  readonly byHand?: string;
  readonly run: (world: World) => Promise<Verdict>;
}
