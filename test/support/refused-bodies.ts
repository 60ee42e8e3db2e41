/** Records as a client sends them, and bodies of which nothing is taken in. */
import { gzipSync } from 'node:zlib';

export const employee = (n: number, name = `Name ${n}`) => ({ employee_id: `E-${n}`, name });
export const lines = (records: readonly object[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');
export const TWO = [employee(1), employee(2)];
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

const bomb = gzipSync(Buffer.alloc(80_000_000, ' '));

export interface Refused {
  readonly what: string;
  readonly status: number;
  readonly code: string;
  readonly body: object | string;
  readonly headers?: Record<string, string>;
  readonly path?: string;
}
export const REFUSED_BODIES: readonly Refused[] = [
  {
    what: 'no dataset of that name',
    status: 404,
    code: 'NOT_FOUND',
    body: TWO,
    path: '/api/v1/data/ingest/nowhere',
  },
  {
    what: 'a parameter that there is not',
    status: 400,
    code: 'BAD_USER_INPUT',
    body: TWO,
    path: '/api/v1/data/ingest/employees?dryrun=true',
  },
  { what: 'an empty body', status: 400, code: 'BAD_USER_INPUT', body: '' },
  {
    what: 'a type that is not read',
    status: 415,
    code: 'BAD_USER_INPUT',
    body: 'a: 1',
    headers: { 'content-type': 'text/yaml' },
  },
  {
    what: 'no type',
    status: 415,
    code: 'BAD_USER_INPUT',
    body: new TextEncoder().encode('[]'),
    headers: { 'content-type': '' },
  },
  {
    what: 'JSON that ends early',
    status: 422,
    code: 'BAD_USER_INPUT',
    body: '[{"employee_id":"E-1","name":"A"},{"emp',
  },
  {
    what: 'JSON that goes on behind its end',
    status: 422,
    code: 'BAD_USER_INPUT',
    body: '[{"employee_id":"E-1","name":"A"}]]',
  },
  {
    what: 'a key of the document given twice',
    status: 422,
    code: 'BAD_USER_INPUT',
    body: '{"records":[],"records":[]}',
  },
  { what: 'an object without records', status: 422, code: 'BAD_USER_INPUT', body: '{"data":[]}' },
  {
    what: 'a workbook that is none',
    status: 422,
    code: 'BAD_USER_INPUT',
    body: 'PK',
    headers: { 'content-type': XLSX },
  },
  {
    what: 'a gzip that ends early',
    status: 400,
    code: 'BAD_USER_INPUT',
    body: gzipSync(lines(TWO)).subarray(0, 40),
    headers: { 'content-encoding': 'gzip' },
  },
  {
    what: 'a dry run that nobody waits for',
    status: 400,
    code: 'BAD_USER_INPUT',
    body: TWO,
    path: '/api/v1/data/ingest/employees?dry_run=true&wait=false',
  },
  {
    what: 'a gzip that is none',
    status: 400,
    code: 'BAD_USER_INPUT',
    body: '[]',
    headers: { 'content-encoding': 'gzip' },
  },
  {
    what: 'an encoding that is not read',
    status: 415,
    code: 'BAD_USER_INPUT',
    body: '[]',
    headers: { 'content-encoding': 'zip' },
  },
  {
    what: 'a body that unpacks a thousandfold',
    status: 413,
    code: 'LIMIT_EXCEEDED',
    body: bomb,
    headers: { 'content-encoding': 'gzip' },
  },
  {
    what: 'an Idempotency-Key with spaces',
    status: 400,
    code: 'BAD_USER_INPUT',
    body: TWO,
    headers: { 'idempotency-key': 'a b' },
  },
];
