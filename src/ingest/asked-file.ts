/** Which file a client's import means: a path inside the import roots, or an upload. */
import { rm } from 'node:fs/promises';
import { basename, relative, resolve, sep } from 'node:path';
import { isInside, resolveImportPath } from '../access/import-roots.ts';
import { SpooledUpload, takeUpload } from '../http/upload.ts';
import { AppError } from '../kernel/errors.ts';

export interface FileInput {
  readonly path?: string | null | undefined;
  readonly file?: File | null | undefined;
  readonly root?: string | null | undefined;
}

export interface AskedFile {
  /** Absolute. */
  readonly file: string;
  /** As it is kept: relative to the root, else the file's own name. */
  readonly path: string;
  /** Deletes what an upload left; to be called when the import has ended. */
  readonly release: () => Promise<void>;
}

/**
 * The file that `input` means.
 * @throws AppError BAD_USER_INPUT, PATH_NOT_ALLOWED, FILE_MISSING, FILE_UNREADABLE
 */
export async function askedFile(input: FileInput, roots: readonly string[]): Promise<AskedFile> {
  const { path, file, root } = input;
  if (file instanceof SpooledUpload) {
    if (typeof path === 'string' || typeof root === 'string') throw bothGiven();
    return askedUpload(file);
  }
  if (typeof path !== 'string') {
    throw new AppError('BAD_USER_INPUT', 'An import needs a path or a file', {
      path: 'input',
      hint: 'Give the path of a file inside the import roots, or upload one.',
    });
  }
  return askedPath(path, root ?? undefined, roots);
}

async function askedPath(path: string, root: string | undefined, roots: readonly string[]): Promise<AskedFile> {
  const release = (): Promise<void> => Promise.resolve();
  if (root === undefined) {
    return { file: await resolveImportPath(roots, path, 'file'), path: keptPath(basename(path)), release };
  }
  const folder = await resolveImportPath(roots, root, 'folder');
  const file = await resolveImportPath(roots, resolve(folder, path), 'file', path).catch((thrown: unknown) => {
    // As on the command line, the root may also only say how to name a path that is given as ever.
    if (thrown instanceof AppError && thrown.code === 'FILE_MISSING') return resolveImportPath(roots, path, 'file');
    throw thrown;
  });
  if (isInside(folder, file)) return { file, path: keptPath(relative(folder, file)), release };
  throw new AppError('PATH_NOT_ALLOWED', `"${path}" lies outside the root that was given`, { path: 'path' });
}

async function askedUpload(upload: SpooledUpload): Promise<AskedFile> {
  const path = uploadName(upload.name);
  const file = await takeUpload(upload);
  return { file, path, release: () => rm(file, { force: true }) };
}

const MOST_NAME_LENGTH = 255;

/** The name alone, whatever folders a client put before it; it is shown and matched, never opened. */
function uploadName(given: string): string {
  const name = given.split(/[\\/]/).at(-1) ?? '';
  if (/^\.{0,2}$/.test(name) || /\p{Cc}|\p{Cf}|\p{Cs}/u.test(name) || name.length > MOST_NAME_LENGTH) {
    throw new AppError('BAD_USER_INPUT', 'The name of the upload cannot be one of a file', {
      path: 'file',
      hint: `Use letters, digits and punctuation, at most ${MOST_NAME_LENGTH} characters.`,
    });
  }
  return keptPath(name);
}

/** One name whatever disk the file stood on. */
function keptPath(path: string): string {
  return path.split(sep).join('/').normalize('NFC');
}

function bothGiven(): AppError {
  return new AppError('BAD_USER_INPUT', 'An upload takes no path and no root', {
    path: 'input',
    hint: 'Give either a path or a file.',
  });
}
