/** Where a pass stands. All of it can be kept in a cursor: a workspace of thousands of pages meets limits more than once. */
import { type Static, Type } from 'typebox';
import { cursorCodec } from '../kit/cursor.ts';

/** Of a table that is being read: the next page of its rows, and what was seen of them. */
const rowsShape = Type.Object({
  page: Type.String(),
  count: Type.Number(),
  sum: Type.Number(),
  newest: Type.String(),
});

const passShape = Type.Object({
  full: Type.Boolean(),
  /** Milliseconds, by our clock. */
  started: Type.Number(),
  stage: Type.Union([Type.Literal('search'), Type.Literal('trash'), Type.Literal('tables'), Type.Literal('walk')]),
  /** The next page of the search; '' for its first. */
  page: Type.String(),
  /** What was found, `p` or `d` before its id: pages and data sources, in the order in which they are walked. Grows in place. */
  known: Type.Array(Type.String()),
  /** How many of them were walked. */
  walked: Type.Number(),
  rows: rowsShape,
  /** Tables that lost a row. Grows in place. */
  dirty: Type.Array(Type.String()),
  /** The greatest last_edited_time so far. */
  newest: Type.String(),
  /** Items of the last minutes and their versions, for the next pass. Grows in place. */
  recent: Type.Record(Type.String(), Type.String()),
  partial: Type.Boolean(),
});
export type PassState = Static<typeof passShape>;

const stateShape = Type.Object({
  /** The workspace and the settings that it was made under. */
  of: Type.String(),
  /** The greatest last_edited_time that a whole pass saw; '' before the first ended. */
  watermark: Type.String(),
  recent: Type.Record(Type.String(), Type.String()),
  pass: Type.Union([Type.Null(), passShape]),
});
export type NotionState = Static<typeof stateShape>;

export const notionCursor = cursorCodec(1, stateShape);

/** Milliseconds that each pass asks for again: times are told by the minute, and search is late. */
const OVERLAP = 120_000;

export const NO_ROWS: PassState['rows'] = { page: '', count: 0, sum: 0, newest: '' };

export function beginPass(state: NotionState, now: number): PassState {
  return {
    full: state.watermark === '',
    started: now,
    stage: 'search',
    page: '',
    known: [],
    walked: 0,
    rows: NO_ROWS,
    dirty: [],
    newest: state.watermark,
    recent: {},
    partial: false,
  };
}

export function endPass(state: NotionState, pass: PassState): NotionState {
  return { of: state.of, watermark: pass.newest, recent: recentOf(pass), pass: null };
}

/** Only what was edited at or after this is asked for; '' for everything. */
export function sinceOf(state: NotionState, pass: PassState): string {
  if (pass.full) return '';
  return new Date(Date.parse(state.watermark) - OVERLAP).toISOString();
}

/**
 * The version of something edited at `time`. Notion tells the minute alone: what was read before that minute was well over may
 * be edited again under the same time, so that its version holds for this pass only.
 */
export function versionOf(time: string, pass: Pick<PassState, 'started'>): string {
  return `${time}${isUnsettled(time, pass) ? `~${pass.started}` : ''}`;
}

/** Whether something may still be edited under the same time. */
export function isUnsettled(time: string, pass: Pick<PassState, 'started'>): boolean {
  return pass.started - Date.parse(time) < OVERLAP;
}

/** A version without what holds for one pass only: of a page, the time of its last edit. */
export function timeOf(version: string): string {
  return version.split('~')[0] ?? '';
}

/** Whether the last pass did not see it as it is: the overlap asks for the same again. */
export function isNews(id: string, time: string, pass: PassState, state: NotionState): boolean {
  return pass.full || (time >= sinceOf(state, pass) && state.recent[id] !== versionOf(time, pass));
}

/** The pass with something in it that was edited at `time`. */
export function withSeen(pass: PassState, id: string, version: string): PassState {
  const time = timeOf(version);
  const newest = time > pass.newest ? time : pass.newest;
  const isRecent = Date.parse(time) >= Date.parse(newest) - OVERLAP;
  if (isRecent) pass.recent[id] = version;
  return newest === pass.newest ? pass : { ...pass, newest };
}

function recentOf(pass: PassState): NotionState['recent'] {
  const from = Date.parse(pass.newest) - OVERLAP;
  return Object.fromEntries(Object.entries(pass.recent).filter(([, version]) => Date.parse(timeOf(version)) >= from));
}
