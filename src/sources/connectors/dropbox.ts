/** Dropbox, by its official SDK: one token at a time from the hub's own store, every retry and wait left to the run. */
import { type ConnectorContext, defineConnector } from '../connector.ts';
import { ask } from '../dropbox/client.ts';
import { download } from '../dropbox/download.ts';
import { listChanges } from '../dropbox/listing.ts';
import { type DropboxSettings, dropboxSettings } from '../dropbox/settings.ts';
import { remove, upload } from '../dropbox/upload.ts';
import { waitForChanges } from '../dropbox/waiting.ts';
import { receive } from '../dropbox/webhook.ts';

export default defineConnector({
  id: 'dropbox',
  title: 'Dropbox',
  description: 'The files of a Dropbox, or of one folder in it, both ways; Paper documents come as Markdown.',
  capabilities: {
    changes: 'cursor',
    deletes: 'by-path-subtree',
    rename: 'same-id',
    notify: 'wait',
    hash: ['dropbox'],
    rangeDownload: true,
    write: { conditional: 'rev' },
  },
  settings: dropboxSettings,
  oauth: 'dropbox',
  scopes: {
    read: ['account_info.read', 'files.metadata.read', 'files.content.read'],
    write: ['files.content.write'],
  },
  check,
  listChanges,
  download,
  upload,
  remove,
  waitForChanges,
  webhooks: { receive },
});

async function check(context: ConnectorContext<DropboxSettings>): Promise<{ accountId: string; displayName: string }> {
  const account = await ask(context, ({ sdk }) => sdk.usersGetCurrentAccount({ signal: context.signal }));
  return { accountId: account.account_id, displayName: `${account.name.display_name} (${account.email})` };
}
