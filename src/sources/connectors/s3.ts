/** A bucket of Amazon S3, or of a store that speaks as S3 does. */
import { defineConnector } from '../connector.ts';
import { downloadObject } from '../s3/download.ts';
import { listBucket, pageOf } from '../s3/listing.ts';
import { s3Settings } from '../s3/settings.ts';
import { removeObject, uploadObject } from '../s3/upload.ts';

export default defineConnector({
  id: 's3',
  title: 'S3 bucket',
  description: 'A bucket of Amazon S3, or of a store that speaks as S3 does: MinIO, Ceph, Swift, R2.',
  capabilities: {
    changes: 'listing',
    deletes: 'sweep',
    rename: 'delete-create',
    notify: 'none',
    hash: ['etag'],
    rangeDownload: true,
    write: { conditional: 'etag' },
  },
  settings: s3Settings,
  keys: {
    accessKeyId: {
      title: 'Access key ID',
      description: 'Of a user that may list and read the bucket, and write for exports.',
    },
    secretAccessKey: { title: 'Secret access key', description: 'It belongs to the access key ID.' },
    sessionToken: { title: 'Session token', description: 'Of keys that hold for some hours only.', isOptional: true },
  },
  async check(context) {
    const { bucket, endpoint } = context.settings;
    await pageOf(context, { after: '', most: 1 });
    return { accountId: `${endpoint === '' ? 's3' : endpoint}/${bucket}`, displayName: bucket };
  },
  listChanges: listBucket,
  download: (ref, { offset = 0 }, context) => downloadObject(ref, offset, context),
  upload: uploadObject,
  remove: removeObject,
});
