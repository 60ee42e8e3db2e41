/** The folder that is imported over and over: small, of several files and batches, in two versions. */
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Of version 1: a queue of several batches. */
const VIDEOS = 150;
const ADDED = 30;
const NOTES = 6000;
const LARGE = 1500;
const QUEUE = '01_VIDEO_QUEUE/Video_Queue_Master.csv';
const CHANNELS = 24;
const RESEARCHES = 60;
const TRANSCRIPTS = 3;

type Version = 1 | 2;

/** Writes version 1 or 2 of the folder's files. The second changes, adds and breaks some records, and leaves most alone. */
export async function writeFolder(root: string, version: Version): Promise<void> {
  const files: Record<string, string> = {
    [QUEUE]: queue(version, version === 1 ? VIDEOS : VIDEOS + ADDED),
    'ARCHIVE/04_INFLUENCER_DATA/YouTube_Channels.json': channels(version),
    'RESEARCHES_Master_List.csv': researches(version),
    'tables/research_videos.jsonl': links(version),
  };
  for (let n = 1; n <= TRANSCRIPTS; n += 1) files[`02_TRANSCRIPTIONS/Video_00${n}.md`] = transcript(n, version);
  for (const [path, content] of Object.entries(files)) {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    await utimes(file, 1_760_000_000 + version, 1_760_000_000 + version);
  }
}

/** A folder of one file of about 9 MB. */
export async function writeLargeFolder(root: string): Promise<void> {
  await mkdir(dirname(join(root, QUEUE)), { recursive: true });
  await writeFile(join(root, QUEUE), queue(1, LARGE));
}

/** A folder of one file that cannot be read as a whole. */
export async function writeBadFolder(root: string): Promise<void> {
  await mkdir(root, { recursive: true });
  await writeFile(join(root, 'YouTube_Channels.json'), '{"channels": [{"channel_id": "YT-1"');
}

const range = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const videoKey = (n: number): string => `vid${String(n).padStart(8, '0')}`;
const lines = (rows: readonly string[]): string => `${rows.join('\n')}\n`;

function queue(version: Version, count: number): string {
  const header = 'Queue_ID,Video_ID,Video_Title,Channel_Name,Video_URL,Views,Duration,Added_By,Added_Date,Status,Notes';
  const rows = range(count).map((n) => {
    const title = version === 2 && n % 5 === 0 ? `Video ${n}, second cut` : `Video ${n}`;
    const status = n % 97 === 0 ? 'no such status' : ['Pending', 'Selected', 'Parsed'][n % 3];
    // Long, so that few records make a batch: a record costs more than its characters. Few words, which a search would index.
    const notes = `Note ${n} ${'-'.repeat(NOTES)}`;
    return `VQ-${n},${videoKey(n)},"${title}",Channel ${n % CHANNELS},https://youtu.be/${videoKey(n)},${n},00:1${n % 10}:05,Person ${n % 9},2026-01-10,${status},${notes}`;
  });
  return lines([header, ...rows]);
}

function channels(version: Version): string {
  // Two come with version 2: until then the videos that name them wait.
  const count = version === 1 ? CHANNELS - 2 : CHANNELS;
  return JSON.stringify({
    channels: range(count).map((n) => ({
      channel_id: `YT-${n}`,
      channel_name: `Channel ${n}`,
      channel_url: `https://www.youtube.com/@channel${n}${version === 2 && n === 3 ? 'moved' : ''}`,
    })),
  });
}

function researches(version: Version): string {
  const rows = range(RESEARCHES).map(
    (n) =>
      `RSR-${String(n).padStart(3, '0')},Research ${n}${version === 2 && n % 7 === 0 ? ' again' : ''},About ${n},VID,Survey,Notes/${n}.md,Active`,
  );
  return lines(['RSR_ID,Name,Description,Department,Category,File_Path,Status', ...rows]);
}

function links(version: Version): string {
  const rows = range(100).map((n) => {
    const video = videoKey(version === 2 ? (n * 7) % (VIDEOS + ADDED) : (n * 7) % VIDEOS);
    return JSON.stringify({ research_id: `RSR-${String(n % RESEARCHES).padStart(3, '0')}`, video_id: video });
  });
  return lines(rows);
}

function transcript(n: number, version: Version): string {
  const said = range(20).map(
    (m) => `[${String(m).padStart(2, '0')}:00] Sentence ${m} of ${n}${m % 9 === 0 ? ` take ${version}` : ''}.`,
  );
  return lines([`Video Title: Transcript ${n}`, `Channel/Creator: Channel ${n}`, 'Video content:', ...said]);
}
