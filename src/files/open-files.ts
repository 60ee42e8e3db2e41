import { join } from 'node:path';
import type pg from 'pg';
import type { Files } from './files.ts';
import { folderStore } from './folder-store.ts';
import { openLinks } from './links.ts';

/** Where kept files lie in a data folder. */
export const filesFolder = (dataDir: string): string => join(dataDir, 'files');

/** Kept files of a data folder; nothing is made or asked before they are used. */
export function openFiles(dataDir: string, pool: pg.Pool): Files {
  return { store: folderStore(filesFolder(dataDir)), links: openLinks(pool) };
}
