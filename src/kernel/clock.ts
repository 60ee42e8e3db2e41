/** The time, as an argument: what depends on "now" can be tested at any moment. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();

/** A clock that stands at `start` and moves only when told to. */
export function manualClock(start: Date): { readonly now: Clock; readonly advance: (milliseconds: number) => void } {
  let time = start.getTime();
  return {
    now: () => new Date(time),
    advance: (milliseconds) => {
      time += milliseconds;
    },
  };
}
