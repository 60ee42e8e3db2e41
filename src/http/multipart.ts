/** A multipart request as a stream: fields in memory, files to disk, all of it counted. */
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Busboy, type BusboyFileStream } from '@fastify/busboy';
import { asDiskFull } from '../kernel/disk-full.ts';
import { uuidv7 } from '../kernel/uuid.ts';
import { incomplete, onBrokenOff, requireUncompressed, tooLarge } from './body.ts';
import { HttpError } from './http-error.ts';
import type { ReceivedStream } from './received-stream.ts';
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

/** Whose bytes they are, and what tells that no more of them will come. */
interface Source {
  readonly stream: Readable;
  /** The header Content-Type. */
  readonly contentType: string;
  /** Calls `fail` when the client is to be given up; returns what ends that. */
  readonly watch: (fail: (error: Error) => void) => () => void;
}

/**
 * Reads the request to its end, files into `folder`; whoever reads it drops them. Nothing stays there if it throws.
 * @throws HttpError 413 beyond a size, 400 for too many parts or a broken form, 415 for a compressed one, 408 when it stops arriving;
 * AppError DISK_FULL
 */
export async function readMultipart(
  request: IncomingMessage,
  folder: string,
  limits: MultipartLimits,
): Promise<Multipart> {
  requireUncompressed(request);
  const watch: Source['watch'] = (fail) => {
    onBrokenOff(request, () => fail(incomplete()));
    request.setTimeout(limits.idle, () => fail(incomplete()));
    return () => void request.setTimeout(0);
  };
  return readForm({ stream: request, contentType: request.headers['content-type'] ?? '', watch }, folder, limits);
}

/**
 * The same of a body whose stream fails by itself when it stops arriving.
 * @throws as {@link readMultipart}, and what the stream fails with
 */
export function readStreamedForm(
  { stream, contentType }: Pick<ReceivedStream, 'stream' | 'contentType'>,
  folder: string,
  limits: Omit<MultipartLimits, 'idle'>,
): Promise<Multipart> {
  const watch: Source['watch'] = (fail) => {
    stream.on('error', fail);
    return () => void stream.off('error', fail);
  };
  return readForm({ stream, contentType, watch }, folder, limits);
}

async function readForm(source: Source, folder: string, limits: Omit<MultipartLimits, 'idle'>): Promise<Multipart> {
  const spooled: Spooled[] = [];
  try {
    const fields = await spool(source, folder, limits, spooled);
    const files = new Map<string, SpooledUpload>();
    for (const { field, name, path } of spooled) files.set(field, await openUpload(path, name));
    return { fields, files };
  } catch (thrown) {
    await Promise.all(spooled.map(({ path }) => rm(path, { force: true })));
    throw asDiskFull(thrown);
  }
}

async function spool(
  { stream, contentType, watch }: Source,
  folder: string,
  limits: Omit<MultipartLimits, 'idle'>,
  spooled: Spooled[],
): Promise<Map<string, string>> {
  const form = openForm(contentType, limits);
  const fields = new Map<string, string>();
  const writes: Promise<void>[] = [];
  const ended = Promise.withResolvers<void>();
  const fail = (error: Error): void => ended.reject(error);
  form.on('field', (name, value, _nameCut, valueCut) => {
    if (valueCut) fail(tooLarge(limits.fieldSize));
    if (fields.has(name)) fail(new HttpError(400, 'BAD_USER_INPUT', `The form has ${name.slice(0, 100)} twice`));
    fields.set(name, value);
  });
  form.on('file', (field, part, filename) => {
    const path = join(folder, uuidv7());
    // A part of bytes may come without a name, whatever the types say.
    spooled.push({ field, name: filename || '', path });
    const write = save(part, path, limits.fileSize);
    write.catch(fail);
    writes.push(write);
  });
  form.on('filesLimit', () => fail(tooMany(`${limits.files} files`)));
  form.on('fieldsLimit', () => fail(tooMany(`${limits.fields} fields`)));
  form.on('error', () => fail(new HttpError(400, 'BAD_USER_INPUT', 'The form is not a valid multipart body')));
  form.on('finish', () => ended.resolve());
  const unwatch = watch(fail);
  stream.pipe(form);
  try {
    await ended.promise;
    await Promise.all(writes);
    return fields;
  } catch (thrown) {
    stream.unpipe(form);
    form.destroy();
    // Their files are deleted next: none may still be written to.
    await Promise.allSettled(writes);
    throw thrown;
  } finally {
    unwatch();
  }
}

function openForm(contentType: string, limits: Omit<MultipartLimits, 'idle'>): InstanceType<typeof Busboy> {
  const { fileSize, files, fieldSize, fields } = limits;
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
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
