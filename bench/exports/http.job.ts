/** A table as CSV from a whole server, sent while it is read. */
import { get } from 'node:http';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../src/kernel/config.ts';
import { startServerProcess } from '../clients/server-process.ts';
import { defineJob, type Measurement } from '../job.ts';
import { exportInChild, ROWS } from './export-job.ts';
import { type ExportHouse, houseOf } from './house.ts';

/** Of a server that listens on loopback for one download. */
const TOKEN = 'bench-token-of-a-server-that-lives-for-a-download';

export default defineJob({
  name: 'exports/http',
  measures: '1,000,000 videos as CSV over HTTP from a server that has just started, with the peak of its whole process',
  unit: 'rows/s',
  better: 'more',
  // What the server holds anyway is no export's, nor is V8's young generation, 48 MB that the first work of any kind fills.
  // Its reader runs beside it, so how fast both are together is told, and no bound.
  targets: [
    { kind: 'bound', figure: 'added MB', atMost: 78 },
    { kind: 'bound', figure: 'second MB', atMost: 10 },
  ],
  mostRounds: 3,
  open: async (bench) => {
    const house = await houseOf(bench);
    return {
      versions: house.versions,
      contenders: [
        { name: 'cairn', role: 'subject', run: () => downloaded(house) },
        {
          name: 'COPY',
          role: 'limit',
          run: async () => {
            const copy = `COPY (${ROWS}) TO STDOUT (FORMAT csv, HEADER)`;
            const { seconds, peakMb } = await exportInChild(house.apiUrl, 'csv', copy);
            return { value: house.videos / seconds, figures: { 'peak MB': peakMb } };
          },
        },
      ],
    };
  },
});

async function downloaded({ dataDir, videos }: ExportHouse): Promise<Measurement> {
  const server = await startServerProcess([join(PROJECT_ROOT, 'src', 'main.ts'), 'serve'], {
    CAIRN_DATA_DIR: dataDir,
    CAIRN_ADMIN_TOKEN: TOKEN,
    PORT: '0',
  });
  const download = async (): Promise<number> => {
    const began = performance.now();
    const lines = await received(`${server.url}/api/v1/exports/videos.csv`);
    if (lines !== videos + 1) throw new Error(`${lines} lines came, not ${videos + 1}`);
    return (performance.now() - began) / 1_000;
  };
  try {
    // As in a server: its code is loaded and its connections are open, as the other's is.
    await received(`${server.url}/api/v1/exports/employees.csv`);
    const atRest = (await server.memory()) ?? 0;
    const seconds = await download();
    const first = await server.peakMemory();
    await download();
    const second = await server.peakMemory();
    const isTold = first !== undefined && second !== undefined;
    const figures = isTold ? { 'peak MB': second, 'added MB': first - atRest, 'second MB': second - first } : {};
    return { value: videos / seconds, figures };
  } finally {
    await server.stop();
  }
}

/** The lines of an answer. */
function received(url: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  get(url, { headers: { authorization: `Bearer ${TOKEN}` } }, (answer) => {
    let lines = 0;
    answer.on('data', (piece: Buffer) => {
      for (let at = piece.indexOf(LINE_END); at !== -1; at = piece.indexOf(LINE_END, at + 1)) lines += 1;
    });
    answer.once('error', reject);
    answer.once('end', () => {
      if (answer.statusCode === 200) resolve(lines);
      else reject(new Error(`The download was answered with ${answer.statusCode}`));
    });
  }).once('error', reject);
  return promise;
}

const LINE_END = 10;
