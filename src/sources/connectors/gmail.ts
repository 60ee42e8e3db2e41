/** Gmail: each message as Markdown with its headers, and attachments as files where that is set. */
import { defineConnector } from '../connector.ts';
import { followCursor } from '../google/follow-cursor.ts';
import { mailboxOf } from '../google/gmail/client.ts';
import { downloadItem } from '../google/gmail/download.ts';
import { followedLabels } from '../google/gmail/labels.ts';
import { gmailCursor, listDelta, listFull } from '../google/gmail/listing.ts';
import { gmailSettings, scopeOf } from '../google/gmail/settings.ts';
import { gmailWebhooks } from '../google/gmail/webhooks.ts';

export default defineConnector({
  id: 'gmail',
  title: 'Gmail',
  description: 'The mail of a Google account, or what a query or labels choose of it.',
  capabilities: {
    changes: 'cursor',
    deletes: 'by-id',
    rename: 'same-id',
    notify: 'webhook',
    hash: [],
    rangeDownload: false,
    write: false,
  },
  settings: gmailSettings,
  oauth: 'google',
  scopes: { read: ['https://www.googleapis.com/auth/gmail.readonly'] },

  async check(context) {
    const { accountId, address } = await mailboxOf(context);
    // A label that is not there is told here, and not by the first run in the night.
    await followedLabels(context);
    return { accountId, displayName: address };
  },

  listChanges: (cursor, context) =>
    followCursor(cursor, {
      read: gmailCursor.read,
      scope: scopeOf(context.settings),
      listFull: (known) => listFull(context, known),
      listDelta: (known) => listDelta(context, known),
      lost: 'Gmail no longer keeps the history since then.',
    }),
  download: (ref, _options, context) => downloadItem(context, ref),
  webhooks: gmailWebhooks,
});
