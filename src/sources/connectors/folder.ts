/** A folder of the machine that the hub runs on, or of a disk that it sees. */
import { basename } from 'node:path';
import { defineConnector } from '../connector.ts';
import { listFolder } from '../folder/listing.ts';
import { openFile } from '../folder/opening.ts';
import { requireReadable, rootOf } from '../folder/root.ts';
import { folderSettings } from '../folder/settings.ts';
import { waitForFolder } from '../folder/waiting.ts';
import { removeFile, uploadFile } from '../folder/writing.ts';

export default defineConnector({
  id: 'folder',
  title: 'Folder',
  description:
    'A folder on the hub’s machine: everything in it but hidden files. What leads out of it is not followed.',
  capabilities: {
    changes: 'listing',
    deletes: 'sweep',
    rename: 'delete-create',
    notify: 'wait',
    hash: [],
    rangeDownload: true,
    write: { conditional: 'rev' },
  },
  settings: folderSettings,
  async check(context) {
    const root = await rootOf(context);
    await requireReadable(root);
    return { accountId: root, displayName: basename(root) };
  },
  listChanges: (cursor, context) => listFolder(cursor, context),
  download: (ref, { offset = 0 }, context) => openFile(ref, offset, context),
  upload: uploadFile,
  remove: removeFile,
  waitForChanges: waitForFolder,
});
