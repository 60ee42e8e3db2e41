/** Whole and decimal numbers. */
import type { JsonValue } from '../../kernel/json.ts';
import { cleanText } from './clean.ts';
import { type Decimal, decimalOf, fixedText, twoReadings } from './decimal-text.ts';
import type { Field, FieldOptions, FieldSink } from './field.ts';

const INT4_MIN = -2_147_483_648;
const INT4_MAX = 2_147_483_647;

export interface IntegerOptions extends FieldOptions {
  /** Default: PostgreSQL's `integer`, ±2 147 483 647. At most ±2^53. */
  readonly min?: number;
  readonly max?: number;
}

/**
 * A whole number, as a number. `1,234` and `12.0` are read, with their raw text kept; `12.5` is INVALID_TYPE, and `12.000`,
 * which may mean twelve thousand, INVALID_VALUE.
 */
export function integer(options: IntegerOptions = {}): Field {
  const { min = INT4_MIN, max = INT4_MAX, ...rest } = options;
  return {
    ...rest,
    kind: 'integer',
    type: `integer ${min} to ${max}`,
    parse: (value, sink) => {
      const number = typeof value === 'number' && Number.isInteger(value) ? value : wholeNumber(value, sink);
      if (number === null) return null;
      if (number >= min && number <= max) return number;
      return sink.fault('OUT_OF_RANGE', `${number} is not within ${min} and ${max}.`);
    },
  };
}

function wholeNumber(value: JsonValue, sink: FieldSink): number | null {
  const text = cleanText(value, sink);
  if (text === null) return null;
  const quick = plainInteger(text);
  if (quick >= 0) return quick;
  const doubt = typeof value === 'string' ? twoReadings(text) : undefined;
  if (doubt !== undefined) return sink.fault('INVALID_VALUE', doubt);
  const decimal = decimalOf(text);
  if (decimal === undefined) return sink.fault('INVALID_TYPE', 'This is no whole number.');
  if (decimal.scale > 0) return sink.fault('INVALID_TYPE', 'This number is not whole.');
  const number = Number(fixedText(decimal, 0));
  if (!Number.isSafeInteger(number)) return sink.fault('OUT_OF_RANGE', 'This number is beyond 2^53.');
  if (decimal.isGrouped || text.includes('.')) sink.keepRaw(text);
  return number;
}

/** The usual case, without a regular expression: 1 to 15 digits, else -1. */
function plainInteger(text: string): number {
  if (text.length > 15) return -1;
  let number = 0;
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

export interface DecimalOptions extends FieldOptions {
  /** All digits, and those behind the point, as in `numeric(precision, scale)`. */
  readonly precision: number;
  readonly scale: number;
  readonly min?: number;
  readonly max?: number;
}

/**
 * A decimal number, as text with exactly `scale` digits behind the point, as the table gives it back. Digits beyond the
 * scale are rounded as PostgreSQL does, a `%` is dropped; both keep the raw text.
 */
export function decimal(options: DecimalOptions): Field {
  const { precision, scale, min, max, ...rest } = options;
  return {
    ...rest,
    kind: 'decimal',
    type: `decimal(${precision},${scale})${min === undefined && max === undefined ? '' : ` ${min ?? ''} to ${max ?? ''}`}`,
    parse: (value, sink) => {
      const text = cleanText(value, sink);
      if (text === null) return null;
      const isPercent = text.endsWith('%');
      const found = decimalOf(isPercent ? text.slice(0, -1).trimEnd() : text);
      if (found === undefined) return sink.fault('INVALID_TYPE', 'This is no decimal number.');
      if (isPercent || found.isGrouped || found.scale > scale) sink.keepRaw(text);
      return boundedDecimal(found, { precision, scale, min, max }, sink);
    },
  };
}

export interface DecimalBounds {
  readonly precision: number;
  readonly scale: number;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** The canonical text of a decimal within its bounds, or null after OUT_OF_RANGE. */
export function boundedDecimal(value: Decimal, bounds: DecimalBounds, sink: FieldSink): string | null {
  const { precision, scale, min = -Infinity, max = Infinity } = bounds;
  const fixed = fixedText(value, scale);
  const digits = fixed.replace(/^-?0*/, '').replace('.', '').length;
  const number = Number(fixed);
  if (digits > precision)
    return sink.fault('OUT_OF_RANGE', `The number has more than ${precision - scale} digits before the point.`);
  if (number < min || number > max) return sink.fault('OUT_OF_RANGE', `${number} is not within ${min} and ${max}.`);
  return fixed;
}
