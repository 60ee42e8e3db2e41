/** A multipart request as a stream: fields in memory, files to disk, all of it counted. */
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Busboy, type BusboyFileStream } from '@fastify/busboy';
import { uuidv7 } from '../kernel/uuid.ts';
import { incomplete, requireUncompressed, tooLarge } from './body.ts';
import { HttpError } from './http-error.ts';
import { openUpload, type SpooledUpload } from './upload.ts';

export interface MultipartLimits {
  /** Bytes of one file. */
  readonly fileSize: number;
  readonly files: number;
  /** Bytes of one field. */
  readonly fieldSize: number;
  readonly fields: number;
  /** Milliseconds without a byte after which the client is given up. */
  readonly idle: number;
}

export interface Multipart {
  readonly fields: ReadonlyMap<string, string>;
  readonly files: ReadonlyMap<string, SpooledUpload>;
}

interface Spooled {
  readonly field: string;
  readonly name: string;
  readonly path: string;
}

/**
 * Reads the request to its end, files into `folder`; whoever reads it drops them. Nothing stays there if it throws.
 * @throws HttpError 413 beyond a size, 400 for too many parts or a broken form, 415 for a compressed one, 408 when it stops arriving
 */
export async function readMultipart(
  request: IncomingMessage,
  folder: string,
  limits: MultipartLimits,
): Promise<Multipart> {
  requireUncompressed(request);
  const spooled: Spooled[] = [];
  try {
    const fields = await spool(request, folder, limits, spooled);
    const files = new Map<string, SpooledUpload>();
    for (const { field, name, path } of spooled) files.set(field, await openUpload(path, name));
    return { fields, files };
  } catch (thrown) {
    await Promise.all(spooled.map(({ path }) => rm(path, { force: true })));
    throw thrown;
  }
}

async function spool(
  request: IncomingMessage,
  folder: string,
  limits: MultipartLimits,
  spooled: Spooled[],
): Promise<Map<string, string>> {
  const form = openForm(request, limits);
  const fields = new Map<string, string>();
  const writes: Promise<void>[] = [];
  const ended = Promise.withResolvers<void>();
  const fail = (error: Error): void => ended.reject(error);
  form.on('field', (name, value, _nameCut, valueCut) => {
    if (valueCut) fail(tooLarge(limits.fieldSize));
    fields.set(name, value);
  });
  form.on('file', (field, stream, filename) => {
    const path = join(folder, uuidv7());
    // A part of bytes may come without a name, whatever the types say.
    spooled.push({ field, name: filename || '', path });
    const write = save(stream, path, limits.fileSize);
    write.catch(fail);
    writes.push(write);
  });
  form.on('filesLimit', () => fail(tooMany(`${limits.files} files`)));
  form.on('fieldsLimit', () => fail(tooMany(`${limits.fields} fields`)));
  form.on('error', () => fail(new HttpError(400, 'BAD_USER_INPUT', 'The form is not a valid multipart body')));
  form.on('finish', () => ended.resolve());
  request.on('close', () => (request.complete ? undefined : fail(incomplete())));
  request.setTimeout(limits.idle, () => fail(incomplete()));
  request.pipe(form);
  try {
    await ended.promise;
    await Promise.all(writes);
    return fields;
  } catch (thrown) {
    request.unpipe(form);
    form.destroy();
    // Their files are deleted next: none may still be written to.
    await Promise.allSettled(writes);
    throw thrown;
  } finally {
    request.setTimeout(0);
  }
}

function openForm(request: IncomingMessage, limits: MultipartLimits): InstanceType<typeof Busboy> {
  const { fileSize, files, fieldSize, fields } = limits;
  try {
    return new Busboy({
      headers: { ...request.headers, 'content-type': request.headers['content-type'] ?? '' },
      limits: { fileSize, files, fieldSize, fields, headerPairs: 20, headerSize: 8_192 },
    });
  } catch {
    throw new HttpError(400, 'BAD_USER_INPUT', 'The form is not a valid multipart body');
  }
}

async function save(stream: BusboyFileStream & Readable, path: string, limit: number): Promise<void> {
  await pipeline(stream, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  if (stream.truncated) throw tooLarge(limit);
}

function tooMany(most: string): HttpError {
  return new HttpError(400, 'LIMIT_EXCEEDED', `A form may hold ${most} at most`);
}
