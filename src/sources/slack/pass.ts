/** Where a pass over the channels stands. All of it can be kept in a cursor, so that a pass goes on where it was broken off. */
import { type Static, Type } from 'typebox';
import { cursorCodec } from '../kit/cursor.ts';
import { dayOf, firstMoment, type SlackSettings, tsOf } from './settings.ts';

const tallyShape = Type.Object({
  count: Type.Number(),
  last: Type.String(),
  edited: Type.String(),
  sum: Type.Number(),
});

const passShape = Type.Object({
  full: Type.Boolean(),
  /** The same for the whole pass: Slack tells the newest first, and what comes meanwhile would shift its pages. */
  latest: Type.String(),
  oldest: Type.String(),
  /** Ids of the channels that are left; the first is being read. */
  todo: Type.Array(Type.String()),
  /** The next page of the first channel; '' for its first. */
  page: Type.String(),
  /** The ts that was read last in it: a page that comes twice is known by it. '' before the first. */
  below: Type.String(),
  /** The day that is being gathered, and what was seen of it; '' between two. */
  day: Type.String(),
  seen: tallyShape,
  /** Of a pass that is not full: the days of the channel that were told. */
  days: Type.Array(Type.String()),
  /** Whether something could not be read. */
  partial: Type.Boolean(),
});
export type PassState = Static<typeof passShape>;

const stateShape = Type.Object({
  /** The workspace and the settings that it was made under. */
  of: Type.String(),
  /** Everything up to this ts has been read; '' before the first pass ended. */
  watermark: Type.String(),
  /** The ts of the last pass that looked back. */
  lookedBack: Type.String(),
  pass: Type.Union([Type.Null(), passShape]),
});
export type SlackState = Static<typeof stateShape>;

export const slackCursor = cursorCodec(1, stateShape);

/** Milliseconds between two passes that read the whole look-back window again. */
const LOOK_BACK_EVERY = 3_600_000;
/** Milliseconds that every pass reads again: an edit follows its message soon, if ever. */
const ALWAYS_BACK = 6 * 3_600_000;

/** The settings that a change of makes another listing. */
export function scopeOf(team: string, settings: SlackSettings): string {
  const { channels, types, since, files, archived, join } = settings;
  return JSON.stringify([team, channels.toSorted(), types.toSorted(), since, files, archived, join]);
}

/** A pass from now on. `now`: milliseconds. */
export function beginPass(
  state: SlackState,
  channels: readonly string[],
  settings: SlackSettings,
  now: number,
): PassState {
  const full = state.watermark === '';
  const first = firstMoment(settings);
  const back = looksBack(state, now) ? settings.lookBackDays * 86_400_000 : ALWAYS_BACK;
  // Whole days: a day that is read in part would look as if the rest of it had been deleted.
  const from = tsOf(Date.parse(`${dayOf(tsOf(Number(state.watermark) * 1000 - back))}T00:00:00Z`));
  return {
    full,
    latest: tsOf(now),
    oldest: full || Number(from) < Number(first) ? first : from,
    todo: [...channels],
    ...NEXT_CHANNEL,
    partial: false,
  };
}

/** The state at the end of a pass. */
export function endPass(state: SlackState, pass: PassState): SlackState {
  const now = Number(pass.latest) * 1000;
  const lookedBack = pass.full || looksBack(state, now) ? pass.latest : state.lookedBack;
  return { of: state.of, watermark: pass.latest, lookedBack, pass: null };
}

/** What is known of a channel before its first page. */
export const NEXT_CHANNEL = {
  page: '',
  below: '',
  day: '',
  seen: { count: 0, last: '0', edited: '0', sum: 0 },
  days: [],
} satisfies Partial<PassState>;

function looksBack(state: SlackState, now: number): boolean {
  return now - Number(state.lookedBack) * 1000 >= LOOK_BACK_EVERY;
}
