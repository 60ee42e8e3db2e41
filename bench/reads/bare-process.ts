/** The least that could answer: one prepared statement over a pool as large as Cairn's, its text written as it is, by node:http. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { STATEMENTS } from './statements.ts';

const pool = new pg.Pool({ connectionString: process.env['BENCH_DATABASE_URL'], max: 10, application_name: 'bare' });

async function bodyOf(request: IncomingMessage): Promise<{ name: string; values: unknown[] }> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  return JSON.parse(Buffer.concat(pieces).toString('utf8'));
}

const server = createServer(async (request, answer) => {
  const { name, values } = await bodyOf(request);
  const { rows } = await pool.query<{ answer: string }>({ name, text: STATEMENTS[name] ?? '', values });
  const text = Buffer.from(rows[0]?.answer ?? '');
  answer.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length });
  answer.end(text);
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.once('SIGTERM', () => process.exit(0));
