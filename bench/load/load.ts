/** `npm run load`: many connections while files are imported, then hostile clients of every class; 1 when the server did not hold. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { runLoads } from './run.ts';
import { judged, textOf } from './table.ts';

interface Options {
  readonly seconds: number;
  readonly connections: number;
  readonly seed: number;
  readonly scale: number;
  readonly json?: string;
  readonly only?: string;
}

function positive(text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It must be a number above 0.');
}

function whole(text: string): number {
  const value = positive(text);
  if (Number.isInteger(value)) return value;
  throw new InvalidArgumentError('It must be a whole number.');
}

const command = new Command('load')
  .description(
    'Loads a server with honest users while files are imported, then attacks it, on data of its own making, which it removes.',
  )
  .option('--seconds <number>', 'how long each half lasts', positive, 60)
  .option('--connections <number>', 'of the honest users of the first half', whole, 200)
  .option('--seed <number>', 'of everything random', whole, 1)
  .option('--scale <factor>', 'share of the data: 1 is 50,000 videos, and files of 200,000', positive, 1)
  .option(
    '--only <what>',
    'one half: mixed or hostile; or of the hostile one the attacks whose names begin so, such as query',
  )
  .option('--json <file>', 'where all figures are written')
  .addHelpText('after', '\nExit code 0: everything held. 1: something did not. 2: nothing could be measured.');

const options = command.parse().opts<Options>();
try {
  const note = (text: string): void => void process.stderr.write(`${text}\n`);
  const result = judged(await runLoads({ ...options, only: options.only, note }));
  if (options.json !== undefined) await writeFile(resolve(options.json), `${JSON.stringify(result, undefined, 2)}\n`);
  process.stdout.write(textOf(result));
  process.exitCode = result.isMet ? 0 : 1;
} catch (thrown) {
  process.stderr.write(`${thrown instanceof Error ? thrown.stack : String(thrown)}\n`);
  process.exitCode = 2;
}
