/** The folder that a source follows, and what lies in it. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import { resolveImportPath } from '../../access/import-roots.ts';
import { AppError } from '../../kernel/errors.ts';
import { type ConnectorContext, ConnectorError, type ConnectorErrorKind } from '../connector.ts';
import type { FolderSettings } from './settings.ts';

/** What the connector looks at of a file; times in milliseconds. */
export interface FileFacts {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

/**
 * The real path of the source's folder.
 * @throws ConnectorError config where it is not there, no folder, or outside the roots: a disk that is not mounted is no empty folder
 */
export async function rootOf(context: ConnectorContext<FolderSettings>): Promise<string> {
  try {
    return await resolveImportPath(context.importRoots ?? [], context.settings.path, 'folder');
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    throw new ConnectorError('config', cause.message, {
      cause,
      hint: 'A folder is followed inside CAIRN_IMPORT_ROOTS, and only while it is there and can be read.',
    });
  }
}

/** Says now what every listing would: a folder that is there may still be shut to us. @throws ConnectorError forbidden */
export async function requireReadable(root: string): Promise<void> {
  try {
    await access(root, constants.R_OK | constants.X_OK);
  } catch (cause) {
    throw diskError(cause, root);
  }
}

const KNOWN = new WeakMap<ConnectorContext<FolderSettings>, string>();

/** The same, found out once for each context: thousands of small files are opened in a run. */
export async function knownRoot(context: ConnectorContext<FolderSettings>): Promise<string> {
  const root = KNOWN.get(context) ?? (await rootOf(context));
  KNOWN.set(context, root);
  return root;
}

/** Changes whenever the content may have: the second time catches an edit whose first one was set back. */
export function versionOf({ size, mtimeMs, ctimeMs }: FileFacts): string {
  return `${size}-${mtimeMs}-${ctimeMs}`;
}

const KIND_BY_CODE: Readonly<Record<string, ConnectorErrorKind>> = {
  EACCES: 'forbidden',
  EPERM: 'forbidden',
  EROFS: 'forbidden',
  ENOENT: 'not-found',
  ENOTDIR: 'not-found',
  ELOOP: 'not-found',
  ENAMETOOLONG: 'not-found',
  EISDIR: 'conflict',
  EEXIST: 'conflict',
  ENOSPC: 'quota',
  EDQUOT: 'quota',
  EFBIG: 'too-large',
};

/** Whatever was thrown: what the file system said as the run understands it, everything else as it is. */
export function asDiskError(thrown: unknown, id: string): unknown {
  return thrown instanceof Error && 'syscall' in thrown ? diskError(thrown, id) : thrown;
}

/** What the file system said, as the run understands it; what is ours already passes. */
export function diskError(cause: unknown, id: string): ConnectorError {
  if (cause instanceof ConnectorError) return cause;
  const code = codeOf(cause) ?? 'no code';
  const kind = KIND_BY_CODE[code] ?? 'transient';
  return new ConnectorError(kind, `"${basename(id)}" cannot be read or written: ${code}`, {
    cause,
    ...(kind === 'forbidden' && { hint: 'Give the user that the hub runs as the right to it.' }),
  });
}

export function codeOf(cause: unknown): string | undefined {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
}
