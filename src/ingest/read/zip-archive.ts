/** The parts of a zip archive, one at a time, with a bound on what they may unpack to. */
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { AppError } from '../../kernel/errors.ts';
import type { SpooledFile } from './source.ts';

/** A workbook of a million rows unpacks to about half of this. */
const MAX_UNPACKED_BYTES = 1024 * 1024 * 1024;
/** XML packs 10 to 50 times; a bomb of zeros packs a thousand times. */
const MAX_RATIO = 300;
/** Below this a part may pack as well as it likes. */
const RATIO_FREE_BYTES = 16 * 1024 * 1024;
/** A workbook has a handful of parts per sheet. */
const MAX_PARTS = 10_000;

export interface ZipArchive {
  has(part: string): boolean;
  /** In bytes, unpacked; a part that turns out longer fails while it is read. */
  size(part: string): number;
  /** The part's text in pieces; nothing for a part that is not there. */
  text(part: string): AsyncIterable<string>;
  close(): void;
}

/** Opens an archive and checks what it says it unpacks to. Throws FILE_MALFORMED and FILE_TOO_LARGE. */
export async function openZip(file: SpooledFile): Promise<ZipArchive> {
  const zip = await openFile(file);
  try {
    const entries = await listEntries(file, zip);
    return {
      has: (part) => entries.has(part.toLowerCase()),
      size: (part) => entries.get(part.toLowerCase())?.uncompressedSize ?? 0,
      text: (part) => readText(file, zip, entries.get(part.toLowerCase())),
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function openFile(file: SpooledFile): Promise<ZipFile> {
  return await openPromise(file.path, { autoClose: false }).catch((cause: unknown) => {
    throw damaged(file, cause);
  });
}

async function listEntries(file: SpooledFile, zip: ZipFile): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  try {
    for await (const entry of zip.eachEntry()) {
      entries.set(entry.fileName.toLowerCase(), entry);
      if (entries.size > MAX_PARTS) throw tooLarge(file);
    }
  } catch (cause) {
    throw cause instanceof AppError ? cause : damaged(file, cause);
  }
  let total = 0;
  for (const { uncompressedSize, compressedSize } of entries.values()) {
    total += uncompressedSize;
    const isBomb = uncompressedSize > RATIO_FREE_BYTES && uncompressedSize > compressedSize * MAX_RATIO;
    if (isBomb || total > MAX_UNPACKED_BYTES) throw tooLarge(file);
  }
  return entries;
}

async function* readText(file: SpooledFile, zip: ZipFile, entry: Entry | undefined): AsyncGenerator<string> {
  if (entry === undefined) return;
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    const stream = await zip.openReadStreamPromise(entry);
    // Leaving the loop early destroys the stream: nothing is unpacked that is not read.
    for await (const chunk of stream) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (cause) {
    throw cause instanceof AppError ? cause : damaged(file, cause);
  }
}

function damaged(file: SpooledFile, cause: unknown): AppError {
  return new AppError('FILE_MALFORMED', `${file.facts.path} is no readable workbook.`, {
    cause,
    hint: 'Open it in a spreadsheet program and save it as .xlsx, without a password.',
  });
}

function tooLarge(file: SpooledFile): AppError {
  return new AppError('FILE_TOO_LARGE', `${file.facts.path} would unpack to more than a workbook may.`, {
    hint: 'Save the sheet as CSV, which is read at any size.',
  });
}
