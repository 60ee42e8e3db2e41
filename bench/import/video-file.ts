/** Files of videos as a team's export writes them: made, so that anyone can run the bench, and the same for one seed. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

export interface VideoFile {
  /** How many videos it holds. */
  readonly videos: number;
  /** The number of the first. 0 unless given. */
  readonly from?: number;
  /** Of these, the first so many have the title of this `edition`; the others that of edition 0. */
  readonly changed?: number;
  readonly edition?: number;
  /** Every so many a video that no rule lets through: 1000, say. None unless given. */
  readonly rejectEvery?: number;
  /** Characters of notes per video, which go to its metadata. None unless given. */
  readonly notes?: number;
  readonly seed: number;
}

export const CHANNELS = 500;

const COLUMNS =
  'video_id,source_url,title,duration,channel_id,status,phase,created_date,completed_date,language,views'.split(',');

const WORDS =
  'agent model market startup research interview guide review budget design growth product customer pricing data video channel course season report coding testing scaling hiring remote market revenue launch story review failure lesson strategy analysis founder engineer platform workflow automation retention'.split(
    ' ',
  );
const STATUSES = ['queued', 'transcribing', 'analyzing', 'completed'];
const LANGUAGES = ['en', 'de', 'cs', 'es'];
const DAY = 86_400_000;
const FIRST_DAY = Date.UTC(2021, 0, 1);
/** Bytes written at once. */
const CHUNK = 1 << 20;

/** Numbers below 2^32 that follow from the seed and `n` alone: any line can be made without those before it. */
function scattered(seed: number, n: number): number {
  let mixed = Math.imul(n ^ Math.imul(seed, 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function titleOf(seed: number, n: number, edition: number): string {
  const words: string[] = [];
  for (let place = 0; place < 6; place += 1)
    words.push(WORDS[scattered(seed + place + 1 + edition * 10, n) % WORDS.length] ?? '');
  return `${words.join(' ')} ${n}`;
}

const NOTES_BLOCK = 64;

/** Prose of about `characters`; the same few paragraphs, told in another order. */
function notesOf(seed: number, n: number, characters: number): string {
  const sentences: string[] = [];
  for (let length = 0; length < characters; length += NOTES_BLOCK)
    sentences.push(titleOf(seed, scattered(seed + length, n) % 500, 0).padEnd(NOTES_BLOCK - 2));
  return sentences.join('. ');
}

function lineOf(file: VideoFile, n: number): string {
  const { seed, changed = 0, edition = 0, rejectEvery, notes } = file;
  const luck = scattered(seed, n);
  const number = String(n).padStart(8, '0');
  const created = new Date(FIRST_DAY + (luck % 1500) * DAY);
  const status = STATUSES[luck % STATUSES.length] ?? 'queued';
  const isBad = rejectEvery !== undefined && n % rejectEvery === rejectEvery - 1;
  const cells = [
    `v${number}`,
    `https://www.youtube.com/watch?v=abc${number}`,
    titleOf(seed, n, n < changed ? edition : 0),
    String(30 + (luck % 7000)),
    `c${luck % CHANNELS}`,
    status,
    isBad ? '9' : String(1 + (luck % 7)),
    created.toISOString(),
    status === 'completed' ? new Date(created.getTime() + DAY).toISOString() : '',
    LANGUAGES[luck % LANGUAGES.length],
    String(luck % 1_000_000),
  ];
  if (notes !== undefined) cells.push(notesOf(seed, n, notes));
  return `${cells.join(',')}\n`;
}

/** Writes the file and returns its size in bytes. */
export async function writeVideos(path: string, file: VideoFile): Promise<number> {
  const header = file.notes === undefined ? COLUMNS : [...COLUMNS, 'notes'];
  const from = file.from ?? 0;
  return writeLines(path, header.join(','), file.videos, (n) => lineOf(file, from + n));
}

/** The channels that the videos name. */
export async function writeChannels(path: string): Promise<number> {
  return writeLines(path, 'channel_id,name,platform', CHANNELS, (n) => `c${n},Channel ${n},youtube\n`);
}

async function writeLines(path: string, header: string, count: number, line: (n: number) => string): Promise<number> {
  const out = createWriteStream(path);
  let text = `${header}\n`;
  for (let n = 0; n < count; n += 1) {
    text += line(n);
    if (text.length < CHUNK) continue;
    if (!out.write(text)) await once(out, 'drain');
    text = '';
  }
  out.end(text);
  await once(out, 'close');
  return out.bytesWritten;
}
