/** Downloads of kept files, by the links that were made for whoever asks. */
import type { Authentication } from '../access/authenticate.ts';
import type { Database } from '../database/connect.ts';
import { readSession } from '../database/session.ts';
import { attachment } from '../files/file-name.ts';
import { type Files, findFile, type KeptFile } from '../files/files.ts';
import { FILES_PATH } from '../files/links.ts';
import { readRange } from '../http/byte-range.ts';
import { isHeld, readEntityTags } from '../http/entity-tag.ts';
import { HttpError } from '../http/http-error.ts';
import { sendEmpty, sendStream } from '../http/respond.ts';
import { AppError } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import type { Exchange } from './exchange.ts';
import { type RateLimits, REQUEST_POINTS } from './rate-limits.ts';

export interface FilesRoute {
  readonly database: Pick<Database, 'read'>;
  readonly files: Files;
  readonly rates: RateLimits;
  readonly log: Log;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whatever a file holds, a browser saves it: it neither shows nor runs it, nor guesses what it may be. */
const NEVER_SHOWN = { 'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox" };

/**
 * Sends the file, or the part of it that is asked for. False when there is nothing to send: no such file, no good link, a link
 * that is over or that was made for somebody else. Which of these it is must not be told.
 * @throws HttpError 405, 416
 */
export async function answerFile(route: FilesRoute, exchange: Exchange, by: Authentication): Promise<boolean> {
  const { request, response, url } = exchange;
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    throw new HttpError(405, 'BAD_USER_INPUT', 'A file is only read');
  }
  route.rates.open(by.actor, response).charge(REQUEST_POINTS);
  const file = await findLinked(route, url, by);
  if (file === undefined) return false;
  const tag = `"${file.hash}"`;
  const headers = {
    ...NEVER_SHOWN,
    etag: tag,
    'accept-ranges': 'bytes',
    // The link is one actor's: what it opened may stay in their browser, and nowhere else.
    'cache-control': 'private, no-cache',
    'content-disposition': attachment(file.name),
  };
  if (isHeld(readEntityTags(request.headers['if-none-match']), tag)) {
    sendEmpty(response, 304, headers);
    return true;
  }
  // A part of another version than the client holds the rest of would make a file that never was.
  const given = request.headers['if-range'];
  const range = given === undefined || given === tag ? readRange(request.headers.range, file.size) : undefined;
  if (range === 'beyond') {
    response.setHeader('content-range', `bytes */${file.size}`);
    throw new HttpError(416, 'BAD_USER_INPUT', `The file has ${file.size} bytes`);
  }
  const body = await open(route, file, range);
  if (body === undefined) return false;
  const length = range === undefined ? file.size : range.end - range.start + 1;
  const part = range && { 'content-range': `bytes ${range.start}-${range.end}/${file.size}` };
  await sendStream(response, {
    status: range === undefined ? 200 : 206,
    type: file.mediaType,
    headers: { ...headers, 'content-length': length, ...part },
    body,
  });
  return true;
}

async function findLinked(
  { database, files }: FilesRoute,
  url: URL,
  by: Authentication,
): Promise<KeptFile | undefined> {
  const fileId = url.pathname.slice(FILES_PATH.length);
  if (!UUID.test(fileId) || !(await files.links.isGood(url, fileId, by.actor))) return undefined;
  return readSession(database.read, by.actor, (query) => findFile(query, fileId));
}

/** Its bytes; undefined, and told to the log, when they are gone. */
async function open({ files, log }: FilesRoute, file: KeptFile, range: Parameters<Files['store']['open']>[1]) {
  try {
    return await files.store.open(file.hash, range);
  } catch (err) {
    if (!(err instanceof AppError) || err.code !== 'NOT_FOUND') throw err;
    log.error({ err, fileId: file.fileId, hash: file.hash }, 'the bytes of a kept file are gone');
    return undefined;
  }
}
