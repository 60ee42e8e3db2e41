import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimal, duration, integer, range } from '../../../src/ingest/fields/index.ts';
import { parseWith } from '../../support/sink.ts';

describe('whole numbers', () => {
  test.each([
    ['42', { value: 42 }],
    [' -7 ', { value: -7 }],
    [42, { value: 42 }],
    ['1,234,567', { value: 1_234_567, raw: '1,234,567' }],
    ['12.0', { value: 12, raw: '12.0' }],
    ['12.000', { value: null, code: 'INVALID_VALUE' }],
    ['', { value: null }],
    ['12.5', { value: null, code: 'INVALID_TYPE' }],
    [12.5, { value: null, code: 'INVALID_TYPE' }],
    ['twelve', { value: null, code: 'INVALID_TYPE' }],
    ['1,23', { value: null, code: 'INVALID_TYPE' }],
    ['Infinity', { value: null, code: 'INVALID_TYPE' }],
    ['0x10', { value: null, code: 'INVALID_TYPE' }],
    ['9007199254740993', { value: null, code: 'OUT_OF_RANGE' }],
    ['2147483648', { value: null, code: 'OUT_OF_RANGE' }],
    [-3_000_000_000, { value: null, code: 'OUT_OF_RANGE' }],
  ])('%j', (given, expected) => {
    expect(parseWith(integer(), given)).toEqual(expected);
  });

  test('within a range of its own', () => {
    expect(parseWith(integer({ min: 1, max: 7 }), '8')).toEqual({ value: null, code: 'OUT_OF_RANGE' });
    expect(parseWith(integer({ max: 1e12 }), '5000000000')).toEqual({ value: 5_000_000_000 });
  });
});

describe('decimals', () => {
  const money = decimal({ precision: 5, scale: 2, min: -100 });
  test.each([
    ['3.5', { value: '3.50' }],
    [3.5, { value: '3.50' }],
    ['-.5', { value: '-0.50' }],
    ['-0.001', { value: '0.00', raw: '-0.001' }],
    ['2.345', { value: '2.35', raw: '2.345' }],
    [1e-7, { value: '0.00', raw: '1e-7' }],
    ['1.5e2', { value: '150.00' }],
    ['3.5%', { value: '3.50', raw: '3.5%' }],
    ['999.99', { value: '999.99' }],
    ['999.995', { value: null, code: 'OUT_OF_RANGE', raw: '999.995' }],
    ['1000', { value: null, code: 'OUT_OF_RANGE' }],
    ['-101', { value: null, code: 'OUT_OF_RANGE' }],
    ['3,5', { value: null, code: 'INVALID_TYPE' }],
    ['NaN', { value: null, code: 'INVALID_TYPE' }],
    ['1e999999', { value: null, code: 'INVALID_TYPE' }],
    ['', { value: null }],
  ])('%j', (given, expected) => {
    expect(parseWith(money, given)).toEqual(expected);
  });

  test('every decimal of the column’s scale keeps its value, and reads back as itself', () => {
    const field = decimal({ precision: 20, scale: 4 });
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 19n), max: 10n ** 19n }), (units) => {
        const digits = (units < 0n ? -units : units).toString().padStart(5, '0');
        const written = `${units < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`;
        const once = parseWith(field, written);
        expect(once).toEqual({ value: written });
        expect(parseWith(field, String(once.value))).toEqual(once);
      }),
    );
  });
});

describe('ranges give their lower bound and keep all of it', () => {
  test.each([
    ['200K-500K', 200_000, { min: 200_000, max: 500_000 }],
    ['200-500K', 200_000, { min: 200_000, max: 500_000 }],
    ['1.2M – 2M', 1_200_000, { min: 1_200_000, max: 2_000_000 }],
    ['500+', 500, { min: 500, max: null }],
    ['10,000 to 20,000', 10_000, { min: 10_000, max: 20_000 }],
    ['~150k', 150_000, { min: 150_000, max: 150_000 }],
    ['>1K', 1000, { min: 1000, max: null }],
    ['<500', null, { min: null, max: 500 }],
    ['3%', 3, { min: 3, max: 3 }],
  ])('%s', (raw, value, bounds) => {
    expect(parseWith(range(), raw)).toEqual({ value, raw, note: { ...bounds, raw } });
  });

  test.each([
    ['3-5%', '3.00', { min: 3, max: 5 }],
    ['8-12%', '8.00', { min: 8, max: 12 }],
    ['2.5-3.75%', '2.50', { min: 2.5, max: 3.75 }],
  ])('as a rate: %s', (raw, value, bounds) => {
    expect(parseWith(range({ scale: 2, precision: 5, min: 0, max: 100 }), raw)).toEqual({
      value,
      raw,
      note: { ...bounds, raw },
    });
  });

  test.each([
    [1234, { value: 1234 }],
    ['1234', { value: 1234 }],
    ['1,234', { value: 1234, raw: '1,234' }],
    ['', { value: null }],
    ['many', { value: null, code: 'INVALID_VALUE' }],
    ['1.500', { value: null, code: 'INVALID_VALUE' }],
    ['12.500-20.000', { value: null, code: 'INVALID_VALUE' }],
    ['1500.000', { value: 1500 }],
    ['1,2K', { value: null, code: 'INVALID_VALUE' }],
    ['9999999999999999', { value: null, code: 'OUT_OF_RANGE' }],
  ])('a plain value: %j', (given, expected) => {
    expect(parseWith(range(), given)).toEqual(expected);
  });
});

describe('durations are seconds', () => {
  test.each([
    ['00:10:32', 632],
    ['14:31', 871],
    ['34:24', 2064],
    ['75:10', 4510],
    ['1:02:03', 3723],
    ['350', 350],
    [350, 350],
    ['PT5M', 300],
    ['pt1h2m3s', 3723],
    ['1h 5m', 3900],
    ['2 hours 3 minutes', 7380],
    ['90 sec', 90],
    ['13 min', 780],
  ])('%j', (given, value) => {
    expect(parseWith(duration(), given)).toEqual({ value });
  });

  test.each([
    ['~25:00', 1500],
    ['~13 min', 780],
    ['about 13 min', 780],
    ['0:10.6', 11],
    ['12.4', 12],
  ])('%s keeps its raw text', (raw, value) => {
    expect(parseWith(duration(), raw)).toEqual({ value, raw });
  });

  test.each([
    ['14:75', 'INVALID_VALUE'],
    ['1:75:00', 'INVALID_VALUE'],
    ['soon', 'INVALID_VALUE'],
    ['P', 'INVALID_VALUE'],
    ['-5', 'INVALID_VALUE'],
    ['', undefined],
    ['99999999999', 'OUT_OF_RANGE'],
  ])('%j does not pass', (given, code) => {
    expect(parseWith(duration(), given)).toEqual(code === undefined ? { value: null } : { value: null, code });
  });

  test('a long text that almost is one is refused at once', () => {
    const started = performance.now();
    for (const field of [duration(), range(), integer(), decimal({ precision: 5, scale: 2 })]) {
      for (const filler of ['9', ' ', '1,', '1:', '9h', '.']) parseWith(field, `${filler.repeat(200_000)}x`);
    }
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

test('a number out of bounds is told as people write it, without the zeros of its column', () => {
  const told: string[] = [];
  const fault = (_code: string, message: string): null => {
    told.push(message);
    return null;
  };
  const sink = { fault, keepRaw: () => undefined, note: () => undefined };
  decimal({ precision: 15, scale: 14, min: 0, max: 1 }).parse('1.5', sink);
  expect(told).toEqual(['1.5 is not within 0 and 1.']);
});
