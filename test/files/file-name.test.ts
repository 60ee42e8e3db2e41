import { expect, test } from 'vitest';
import { attachment, safeName } from '../../src/files/file-name.ts';
import { sniffMediaType } from '../../src/files/media-type.ts';

test.each([
  ['report.csv', 'report.csv'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\anna\\queue.csv', 'queue.csv'],
  ['..', 'file'],
  ['', 'file'],
  ['a\0b\r\nc.csv', 'abc.csv'],
  ['gpj.\u202exe.csv', 'gpj.xe.csv'],
  ['zero\u200bwidth\ufeff.csv', 'zerowidth.csv'],
  ['con.csv', '_con.csv'],
  ['a<b>:"c|d?e*.csv', 'a_b___c_d_e_.csv'],
  [' .hidden. ', 'hidden'],
  ['e\u0301te\u0301.csv', 'été.csv'],
  ['lone \ud800.csv', 'lone \ufffd.csv'],
])('%j is kept as %j', (given, kept) => {
  expect(safeName(given)).toBe(kept);
});

test('a long name keeps its end', () => {
  const name = safeName(`${'é'.repeat(300)}.parquet`);
  expect([...name]).toHaveLength(200);
  expect(name).toMatch(/é\.parquet$/);
});

test('a download names its file in ASCII and as it is, and nothing ends the header early', () => {
  expect(attachment('stats.csv')).toBe(`attachment; filename="stats.csv"; filename*=UTF-8''stats.csv`);
  expect(attachment(`Звіт "x" (1)'.csv`)).toBe(
    `attachment; filename="____ _x_ (1)'.csv"; filename*=UTF-8''%D0%97%D0%B2%D1%96%D1%82%20%22x%22%20%281%29%27.csv`,
  );
});

test.each([
  ['a,b\n1,2\n', 'text/plain; charset=utf-8'],
  ['\ufeff[{"a":1}]', 'application/json'],
  ['<html><script>', 'text/plain; charset=utf-8'],
  ['PK\x03\x04rest', 'application/zip'],
  ['\x1f\x8b\x08', 'application/gzip'],
  ['PAR1....', 'application/vnd.apache.parquet'],
  ['12345678DUCK', 'application/vnd.duckdb'],
  ['\x7fELF\x02\x01\x01\0', undefined],
  ['a\0b', undefined],
])('%j is taken for %s', (text, mediaType) => {
  const bytes = Buffer.from(text, /[\x7f-\x9f]|^PK/.test(text) ? 'latin1' : 'utf8');
  expect(sniffMediaType(bytes)).toBe(mediaType);
});
