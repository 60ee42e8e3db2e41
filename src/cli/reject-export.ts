/** Rejects as files: the original bytes of every record beside a table of the reasons. */
import { appendFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Database } from '../database/connect.ts';
import type { TextEncodingName } from '../ingest/read/encoding.ts';
import type { Actor } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';
import { type ListedReject, listRejects, type RejectChoice } from './reject-list.ts';

export interface RejectExport {
  readonly rejects: number;
  /** Relative to the folder. */
  readonly files: readonly string[];
}

/** Rejects may be as large as a file, and a page of them is held at once. */
const PAGE = 50;
export const REASONS_FILE = 'reasons.csv';
const REASONS_HEAD = [
  'file',
  'record',
  'dataset',
  'path',
  'line',
  'import',
  'reject',
  'field',
  'code',
  'message',
  'value',
];

/**
 * Writes the chosen rejects under `folder`: `<dataset>/<path>.rejected` holds the records' bytes as they were, one after the
 * other, in the encoding of their file; `reasons.csv` says of each why, by its place in there.
 * @throws AppError CONFLICT when the folder holds anything: an earlier export is never mixed with this one
 */
export async function exportRejects(
  database: Database,
  actor: Actor,
  choice: RejectChoice,
  folder: string,
): Promise<RejectExport> {
  await makeEmpty(folder);
  await writeFile(join(folder, REASONS_FILE), csvLine(REASONS_HEAD));
  const places = new Map<string, number>();
  let total = 0;
  let after: ListedReject | undefined;
  for (;;) {
    const page = await listRejects(database, actor, choice, PAGE, after);
    for (const reject of page) {
      const file = fileOf(reject);
      const place = (places.get(file) ?? 0) + 1;
      if (place === 1) await mkdir(join(folder, dirname(file)), { recursive: true });
      places.set(file, place);
      await appendFile(join(folder, file), withLineEnd(reject));
      await appendFile(join(folder, REASONS_FILE), reasonLines(reject, file, place));
    }
    total += page.length;
    after = page.at(-1);
    if (after === undefined) return { rejects: total, files: [...places.keys()] };
  }
}

async function makeEmpty(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const found = await readdir(folder);
  if (found.length === 0) return;
  throw new AppError('CONFLICT', `${folder} is not empty`, {
    hint: 'Name a new folder: nothing there is overwritten.',
    path: folder,
  });
}

/** A path was named by whoever sent the file: no part of it may lead out of the folder. */
function fileOf({ dataset, path }: ListedReject): string {
  const parts = path.split(/[/\\]/).filter((part) => part !== '');
  const safe = parts.map((part) => (/^\.+$/.test(part) ? '_' : part.replace(/[\0:*?"<>|]/g, '_')));
  return `${[dataset, ...safe].join('/')}.rejected`;
}

const LINE_ENDS: Record<TextEncodingName, Buffer> = {
  'utf-8': Buffer.from('\n'),
  'windows-1252': Buffer.from('\n'),
  'utf-16le': Buffer.from('\n', 'utf16le'),
  'utf-16be': Buffer.from([0, 0x0a]),
};

function withLineEnd({ raw, encoding }: ListedReject): Buffer {
  const end = LINE_ENDS[encoding];
  return raw.subarray(-end.length).equals(end) ? raw : Buffer.concat([raw, end]);
}

function reasonLines(reject: ListedReject, file: string, place: number): string {
  const { dataset, path, line, importId, id } = reject;
  return reject.errors
    .map(({ field, code, message, value }) =>
      csvLine([file, place, dataset, path, line, importId, id, field, code, message, value ?? '']),
    )
    .join('');
}

function csvLine(cells: readonly (string | number | bigint)[]): string {
  return `${cells.map((cell) => `"${`${cell}`.replaceAll('"', '""')}"`).join(',')}\r\n`;
}
