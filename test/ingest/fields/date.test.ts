import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { date, timestamp } from '../../../src/ingest/fields/index.ts';
import { parseWith } from '../../support/sink.ts';

describe('days', () => {
  test.each([
    ['2025-11-12', '2025-11-12'],
    ['2025-1-2', '2025-01-02'],
    ['2025/11/12', '2025-11-12'],
    ['November 12, 2025', '2025-11-12'],
    ['Nov 10, 2025', '2025-11-10'],
    ['Sept. 1st, 2025', '2025-09-01'],
    ['12 November 2025', '2025-11-12'],
    ['12.11.2025', '2025-11-12'],
    ['25/12/2025', '2025-12-25'],
    ['12/25/2025', '2025-12-25'],
    ['02/02/2025', '2025-02-02'],
    ['2024-02-29', '2024-02-29'],
    ['', null],
  ])('%s', (given, value) => {
    expect(parseWith(date(), given)).toEqual({ value });
  });

  test('a time of day is left out, with its raw text', () => {
    expect(parseWith(date(), '2025-11-12T23:59:00Z')).toEqual({ value: '2025-11-12', raw: '2025-11-12T23:59:00Z' });
  });

  test.each([
    ['2025', { year: 2025, raw: '2025' }],
    [2025, { year: 2025, raw: '2025' }],
    ['November 2025', { year: 2025, month: 11, raw: 'November 2025' }],
    ['2025-11', { year: 2025, month: 11, raw: '2025-11' }],
  ])('a year or month alone is nothing, with a note: %s', (given, note) => {
    expect(parseWith(date(), given)).toEqual({ value: null, note, raw: note.raw });
  });

  test.each([
    '2025-02-30',
    '2025-02-29',
    '1900-02-29',
    '0000-00-00',
    '2025-13-01',
    '2025-00-10',
    '31.04.2025',
    '0000',
    '2025-13',
    '01/02/2025',
    'Smarch 3, 2025',
    'Smarch 2025',
    'infinity',
    '-infinity',
    'today',
    'now',
    '45973.5',
    '20251112',
    '2025-02-30T10:00:00Z',
  ])('%s does not pass', (given) => {
    expect(parseWith(date(), given)).toEqual({ value: null, code: 'INVALID_VALUE' });
    expect(parseWith(timestamp(), given)).toEqual({ value: null, code: 'INVALID_VALUE' });
  });
});

describe('moments are UTC', () => {
  test.each([
    ['2025-11-12T10:00:00Z', '2025-11-12T10:00:00.000Z'],
    ['2025-11-12T10:00:00.5+02:00', '2025-11-12T08:00:00.500Z'],
    ['2025-11-12 23:30:00-0130', '2025-11-13T01:00:00.000Z'],
    ['2025-11-12T10:00:00.123456Z', '2025-11-12T10:00:00.123456Z'],
    ['2025-11-12', '2025-11-12T00:00:00.000Z'],
    ['Nov 12, 2025', '2025-11-12T00:00:00.000Z'],
    ['2025-11-12T10:00+03', '2025-11-12T07:00:00.000Z'],
    ['', null],
  ])('%s', (given, value) => {
    expect(parseWith(timestamp(), given)).toEqual({ value });
  });

  test.each([
    ['2025-11-12 10:00:00', '2025-11-12T10:00:00.000Z'],
    ['2025-11-12T10:00', '2025-11-12T10:00:00.000Z'],
    ['2025-11-12T10:00:00.1234567Z', '2025-11-12T10:00:00.123456Z'],
  ])('%s keeps its raw text', (raw, value) => {
    expect(parseWith(timestamp(), raw)).toEqual({ value, raw });
  });

  test.each([
    ['2025-11-12T24:00:00Z', 'INVALID_VALUE'],
    ['2025-11-12T10:60:00Z', 'INVALID_VALUE'],
    ['2025-11-12T10:00:60Z', 'INVALID_VALUE'],
    ['2025-11-12T10:00:00+16:00', 'INVALID_VALUE'],
    ['0001-01-01T00:00:00+10:00', 'OUT_OF_RANGE'],
    ['9999-12-31T23:00:00-10:00', 'OUT_OF_RANGE'],
  ])('%s does not pass', (given, code) => {
    expect(parseWith(timestamp(), given)).toEqual({ value: null, code });
  });

  test('any moment in any offset is the moment that it is', () => {
    const moment = fc.date({
      min: new Date('0001-01-02T00:00:00Z'),
      max: new Date('9999-12-30T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(moment, fc.integer({ min: -15 * 60, max: 15 * 60 }), (at, offset) => {
        const local = new Date(at.getTime() + offset * 60_000).toISOString().slice(0, -1);
        const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
        const sign = offset < 0 ? '-' : '+';
        const written = `${local}${sign}${two(Math.abs(offset) / 60)}:${two(Math.abs(offset) % 60)}`;
        expect(parseWith(timestamp(), written)).toEqual({ value: at.toISOString() });
      }),
    );
  });
});
