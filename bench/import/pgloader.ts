/** pgloader, where it is installed: it loads a file straight into a table, in batches; it updates nothing and rejects by the line. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Its version; undefined where it is not installed. */
export async function pgloaderVersion(): Promise<string | undefined> {
  const told = await run('pgloader', ['--version']).catch(() => undefined);
  return told && /version "([^"]+)"/.exec(told.stdout)?.[1];
}

/** A file of videos into the table, by a command of pgloader's own language. The last two columns have no place in it. */
const command = (file: string, url: string) => `
  LOAD CSV FROM '${file}' (
      video_id, source_url, title, duration, channel_id, status, phase, created_date,
      completed_date [null if blanks], language, views
    )
    INTO ${url}
    TARGET TABLE public.videos
    TARGET COLUMNS (video_id, source_url, title, duration, channel_id, status, phase, created_date, completed_date)
    WITH skip header = 1, fields terminated by ',', fields optionally enclosed by '"';
`;

/** Loads `file` into the table videos at `url`; `${file}.load` says how. Whether all rows arrived is for the caller to see. */
export async function loadByPgloader(file: string, url: string): Promise<void> {
  await writeFile(`${file}.load`, command(file, url));
  await run('pgloader', ['--quiet', '--root-dir', `${file}.pgloader`, `${file}.load`], { maxBuffer: 1 << 24 });
}
