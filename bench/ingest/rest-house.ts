/** A server over the house of the imports, and a client that sends it files as a script would. */
import { createReadStream, createWriteStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { readConfig } from '../../src/kernel/config.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { prepareServer, startServer } from '../../src/server/start.ts';
import { type House, openHouse } from '../import/house.ts';
import { writeVideos } from '../import/video-file.ts';
import type { Bench } from '../job.ts';

export interface RestHouse {
  readonly house: House;
  readonly url: string;
  readonly token: string;
}

/** Opened by the first job of the suite. */
export function restHouseOf(bench: Bench): Promise<RestHouse> {
  return bench.share('ingest house', async () => {
    const { value: house, close } = await openHouse(join(bench.folder, 'ingest'));
    const token = `bench-${bench.seed}-of-ingest-over-rest`;
    const dataDir = join(house.folder, 'data');
    const config = readConfig({ PORT: '0', CAIRN_DATA_DIR: dataDir, CAIRN_ADMIN_TOKEN: token }, house.folder);
    const { ingest } = house;
    const options = { config: { ...config, port: 0 }, database: ingest.database, ingest, log: silentLog() };
    const server = await startServer({ ...options, prepared: await prepareServer(config) });
    return {
      value: { house, url: server.url, token },
      close: async () => {
        await server.stop();
        await close();
      },
    };
  });
}

export interface RecordFiles {
  /** JSON Lines. */
  readonly lines: string;
  /** One list. */
  readonly list: string;
}

/** The same new videos in both forms, as programs write them: without spaces, a list on one line. */
export async function writeRecords(folder: string, videos: number, seed: number): Promise<RecordFiles> {
  const table = join(folder, 'videos.csv');
  const files = { lines: join(folder, 'videos.jsonl'), list: join(folder, 'videos.json') };
  await writeVideos(table, { videos, seed });
  await pipeline(records(table, '', '\n', '\n'), createWriteStream(files.lines));
  await pipeline(records(table, '[', ',', ']'), createWriteStream(files.list));
  return files;
}

/** The lines of a table without quotes as JSON, with what stands before, between and behind them. */
async function* records(table: string, before: string, between: string, behind: string): AsyncGenerator<string> {
  await using file = await open(table);
  let names: readonly string[] | undefined;
  let due = before;
  for await (const line of file.readLines()) {
    const cells = line.split(',');
    if (names === undefined) {
      names = cells;
      continue;
    }
    yield due + JSON.stringify(Object.fromEntries(names.map((name, index) => [name, cells[index]])));
    due = between;
  }
  yield behind;
}

/** Sends the file and waits for the import's end. @throws Error when it is not answered with so many new rows */
export async function ingestFile({ url, token }: RestHouse, path: string, type: string, videos: number): Promise<void> {
  const { size } = await stat(path);
  const asked = request(`${url}/api/v1/data/ingest/videos?wait=true`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': type, 'content-length': size },
  });
  const answered = new Promise<string>((resolve, reject) => {
    asked.once('error', reject).once('response', (response) => text(response).then(resolve, reject));
  });
  await pipeline(createReadStream(path), asked);
  const answer = await answered;
  if (!answer.includes(`"inserted":${videos},`)) throw new Error(`The ingest answered ${answer.slice(0, 300)}`);
}
