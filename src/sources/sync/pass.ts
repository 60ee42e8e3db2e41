/** A full listing under way: what it has seen is kept, so that what it has not is known at its end. */
export interface Pass {
  readonly id: string;
  /** The next batch's number. */
  readonly nextBatch: () => number;
  /** Whether each of its batches was one of the pass before, as far as this attempt knows all of them. */
  readonly isAsBefore: () => boolean;
  /** A batch was. */
  readonly isAgain: () => void;
  /** A batch was not. */
  readonly isOther: () => void;
}
