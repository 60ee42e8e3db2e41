/** Estimates that people write as a range: `200K-500K`, `500+`, `3-5%`. */
import type { JsonValue } from '../../kernel/json.ts';
import { cleanText } from './clean.ts';
import { type Decimal, decimalOf, fixedText, twoReadings } from './decimal-text.ts';
import type { Field, FieldOptions, FieldSink } from './field.ts';
import { boundedDecimal } from './number.ts';

export interface RangeOptions extends FieldOptions {
  readonly min?: number;
  readonly max?: number;
  /** Digits behind the point: with any, the value is decimal text (`3.00`), else a whole number. Default 0. */
  readonly scale?: number;
  /** All digits. Default 15, which a number holds exactly. */
  readonly precision?: number;
}

const POWERS: Record<string, number> = { '': 0, K: 3, M: 6, B: 9 };
const ONE = '([\\d.,]{1,40}) ?([kmb]?)%?';
const BETWEEN = new RegExp(`^~? ?${ONE} ?(?:-|–|—|to) ?${ONE}$`, 'i');
const SINGLE = new RegExp(`^([~<>]?) ?(?:about |up to )?${ONE} ?(\\+?)$`, 'i');

interface Bounds {
  readonly min: Decimal | undefined;
  readonly max: Decimal | undefined;
  readonly isExact: boolean;
}

/**
 * The lower bound goes to the column; `{ min, max, raw }` is noted and the raw text kept wherever the text was more than
 * a number. A range without a lower bound (`<500`) is null with a note.
 */
export function range(options: RangeOptions = {}): Field {
  const { min, max, scale = 0, precision = 15, ...rest } = options;
  return {
    ...rest,
    kind: 'range',
    type: `range, lower bound ${scale === 0 ? 'integer' : `decimal(${precision},${scale})`}`,
    parse: (value, sink) => {
      const text = cleanText(value, sink);
      if (text === null) return null;
      const doubt = scale === 0 && typeof value === 'string' ? twoReadings(text) : undefined;
      if (doubt !== undefined) return sink.fault('INVALID_VALUE', doubt);
      const bounds = boundsOf(text);
      if (bounds === undefined) return sink.fault('INVALID_VALUE', 'This is no number and no range of numbers.');
      if (!bounds.isExact) note(bounds, text, sink);
      if (bounds.min === undefined) return null;
      if (bounds.isExact && ((typeof value === 'string' && bounds.min.isGrouped) || bounds.min.scale > scale))
        sink.keepRaw(text);
      const fixed = boundedDecimal(bounds.min, { precision, scale, min, max }, sink);
      return fixed === null || scale > 0 ? fixed : Number(fixed);
    },
  };
}

function note({ min, max }: Bounds, text: string, sink: FieldSink): void {
  sink.keepRaw(text);
  sink.note({ min: numberOf(min), max: numberOf(max), raw: text });
}

function numberOf(decimal: Decimal | undefined): JsonValue {
  return decimal === undefined ? null : Number(fixedText(decimal, decimal.scale));
}

function boundsOf(text: string): Bounds | undefined {
  const plain = decimalOf(text);
  if (plain !== undefined) return { min: plain, max: plain, isExact: true };
  const between = BETWEEN.exec(text);
  if (between !== null) {
    const [, low = '', lowUnit = '', high = '', highUnit = ''] = between;
    // `200-500K` means 200K: the unit is written once, behind the second number.
    const max = scaled(high, highUnit);
    const written = scaled(low, lowUnit === '' ? highUnit : lowUnit);
    return max === undefined || written === undefined ? undefined : { min: written, max, isExact: false };
  }
  const single = SINGLE.exec(text);
  if (single === null) return undefined;
  const [, sign = '', digits = '', unit = '', plus = ''] = single;
  const value = scaled(digits, unit);
  if (value === undefined) return undefined;
  if (sign === '<' || /up to/i.test(text)) return { min: undefined, max: value, isExact: false };
  return { min: value, max: plus === '+' || sign === '>' ? undefined : value, isExact: false };
}

function scaled(digits: string, unit: string): Decimal | undefined {
  const decimal = decimalOf(digits);
  const power = POWERS[unit.toUpperCase()];
  if (decimal === undefined || power === undefined) return undefined;
  return power === 0 ? decimal : decimalOf(`${fixedText(decimal, decimal.scale)}e${power}`);
}
