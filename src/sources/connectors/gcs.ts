/** A bucket of Google Cloud Storage, opened by a service account. */
import { defineConnector } from '../connector.ts';
import { downloadObject } from '../gcs/download.ts';
import { listBucket, pageOf } from '../gcs/listing.ts';
import { gcsSettings } from '../gcs/settings.ts';
import { removeObject, uploadObject } from '../gcs/upload.ts';

export default defineConnector({
  id: 'gcs',
  title: 'Google Cloud Storage bucket',
  description: 'A bucket of Google Cloud Storage, or a part of it.',
  capabilities: {
    changes: 'listing',
    deletes: 'sweep',
    rename: 'delete-create',
    notify: 'none',
    hash: ['md5', 'crc32c'],
    rangeDownload: true,
    write: { conditional: 'generation' },
  },
  settings: gcsSettings,
  keys: {
    serviceAccount: {
      title: 'Service account',
      description:
        'The JSON key of a service account with the role Storage Object Viewer on the bucket; Storage Object User to write.',
    },
  },
  async check(context) {
    const { bucket } = context.settings;
    await pageOf(context, { from: '', most: 1 });
    return { accountId: `gs://${bucket}`, displayName: bucket };
  },
  listChanges: listBucket,
  download: (ref, { offset = 0 }, context) => downloadObject(ref, offset, context),
  upload: uploadObject,
  remove: removeObject,
});
