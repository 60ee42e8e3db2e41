import { defineConnector } from '../connector.ts';
import { download } from '../onedrive/download.ts';
import { openDrive } from '../onedrive/drive.ts';
import { listChanges } from '../onedrive/list-changes.ts';
import { oneDriveSettings } from '../onedrive/settings.ts';
import { oneDriveWebhooks } from '../onedrive/webhooks.ts';

export default defineConnector({
  id: 'onedrive',
  title: 'OneDrive and SharePoint',
  description: 'A OneDrive, personal or of work, or a document library of a SharePoint site.',
  capabilities: {
    changes: 'cursor',
    deletes: 'by-id',
    rename: 'same-id',
    notify: 'webhook',
    hash: ['quickxor', 'sha256', 'sha1'],
    rangeDownload: true,
    write: false,
  },
  settings: oneDriveSettings,
  oauth: 'microsoft',
  scopes: { read: ['Files.Read.All'] },
  async check(context) {
    const drive = await openDrive(context);
    return { accountId: drive.id, displayName: drive.label };
  },
  listChanges,
  download,
  webhooks: oneDriveWebhooks,
});
