/** The field kinds that a dataset file is written with. */
export { date } from './date.ts';
export { duration, secondsOf } from './duration.ts';
export { boolean, enumeration } from './enumeration.ts';
export type { Field, FieldSink } from './field.ts';
export { id, reference } from './id.ts';
export { json, list } from './json.ts';
export { decimal, integer } from './number.ts';
export { isPlaceholder, placeholderRemainder } from './placeholder.ts';
export { range } from './range.ts';
export { text } from './text.ts';
export { timestamp } from './timestamp.ts';
