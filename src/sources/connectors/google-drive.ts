/** Google Drive: My Drive, shared drives and what others share, with Docs as Markdown, Sheets as workbooks, Slides as text. */
import { defineConnector } from '../connector.ts';
import { accountOf } from '../google/drive/account.ts';
import { driveCursor } from '../google/drive/cursor.ts';
import { listDelta } from '../google/drive/delta.ts';
import { downloadItem } from '../google/drive/download.ts';
import { listFull } from '../google/drive/full.ts';
import { openPlace } from '../google/drive/place.ts';
import { driveSettings, scopeOf } from '../google/drive/settings.ts';
import { driveWebhooks } from '../google/drive/webhooks.ts';
import { followCursor } from '../google/follow-cursor.ts';

export default defineConnector({
  id: 'google-drive',
  title: 'Google Drive',
  description: 'A folder, My Drive or shared drives of Google Drive. Docs come as Markdown, Sheets as workbooks.',
  capabilities: {
    changes: 'cursor',
    deletes: 'by-id',
    rename: 'same-id',
    notify: 'webhook',
    hash: ['sha256', 'md5'],
    rangeDownload: true,
    write: false,
  },
  settings: driveSettings,
  oauth: 'google',
  scopes: { read: ['https://www.googleapis.com/auth/drive.readonly'] },

  async check(context) {
    const account = await accountOf(context);
    // A wrong folder is told here, and not by the first run in the night.
    await openPlace(context);
    return account;
  },

  listChanges: (cursor, context) =>
    followCursor(cursor, {
      read: driveCursor.read,
      scope: scopeOf(context.settings),
      listFull: (known) => listFull(context, known),
      listDelta: (known) => listDelta(context, known),
      lost: 'Google Drive does not know the cursor any more.',
    }),
  download: (ref, { offset = 0 }, context) => downloadItem(context, ref, offset),
  webhooks: driveWebhooks,
});
