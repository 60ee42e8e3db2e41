/** A web page in place of the file: a place that wants somebody to sign in often says so with status 200. */
import { open } from 'node:fs/promises';
import { ConnectorError, type Download } from '../connector.ts';
import { extensionOf } from './formats.ts';
import type { PendingItem } from './pending.ts';

/** Of these no honest content begins as a page does. */
const NEVER_PAGES = new Set(
  '.csv .tsv .json .jsonl .ndjson .geojson .xlsx .xls .docx .doc .pptx .ppt .pdf .zip .gz .tar .7z .png .jpg .jpeg .gif .webp .heic .mp3 .mp4 .m4a .wav .mov .mkv .parquet .duckdb .sqlite .db .eml .yaml .yml'.split(
    ' ',
  ),
);
const PAGE = /^\s*(?:<!--[\s\S]*?-->\s*)*<(?:!doctype\s+html|html[\s>])/i;

/** @throws ConnectorError forbidden where a page came for something that is none */
export async function requireNoPage(
  file: string,
  { name, media_type: listed }: PendingItem,
  given: Download,
): Promise<void> {
  const isNever = NEVER_PAGES.has(extensionOf(given.name ?? name));
  const isOther = given.mediaType?.startsWith('text/html') === true && listed !== null && listed !== 'text/html';
  if (!isNever && !isOther) return;
  const head = Buffer.alloc(1_024);
  await using handle = await open(file, 'r');
  const { bytesRead } = await handle.read(head, 0, head.length, 0);
  if (!PAGE.test(head.subarray(0, bytesRead).toString('utf8'))) return;
  throw new ConnectorError('forbidden', 'The place sent a web page instead of the content', {
    hint: 'It may want somebody to sign in, or to accept something; open the item there.',
  });
}
