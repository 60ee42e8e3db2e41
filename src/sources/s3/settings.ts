/** What a source that is a bucket of S3, or of a store that speaks as S3 does, may be set to. */
import { type Static, Type } from 'typebox';
import type { ConnectorContext } from '../connector.ts';

export const s3Settings = Type.Object(
  {
    bucket: Type.String({ title: 'Bucket', description: 'The name of the bucket.', minLength: 1, maxLength: 255 }),
    prefix: Type.String({
      title: 'Prefix',
      description: 'The part of the bucket to follow, as a folder of keys, such as team/research; empty for all of it.',
      default: '',
      maxLength: 1000,
    }),
    region: Type.String({
      title: 'Region',
      description: 'Where the bucket is, such as eu-central-1; other stores take any.',
      default: 'us-east-1',
      minLength: 1,
      maxLength: 60,
    }),
    endpoint: Type.String({
      title: 'Endpoint',
      description: 'The address of another store than Amazon’s, such as https://minio.example.com; empty for Amazon’s.',
      default: '',
      pattern: '^(https?://[^/?#]+/?)?$',
    }),
    forcePathStyle: Type.Boolean({
      title: 'Bucket in the path',
      description: 'Whether the bucket’s name stands in the path and not in the host, as most other stores want it.',
      default: false,
    }),
    checksums: Type.Union([Type.Literal('required'), Type.Literal('always')], {
      title: 'Checksums',
      description:
        'always: uploads carry a checksum that the store verifies. Many other stores do not know those; required: only where S3 demands one.',
      default: 'required',
    }),
    conditionalWrites: Type.Boolean({
      title: 'Conditional writes',
      description:
        'Whether the store itself refuses to write over another version. Stores that cannot are asked for the version first, which leaves a moment between.',
      default: true,
    }),
  },
  { additionalProperties: false },
);

export type S3Settings = Static<typeof s3Settings>;
export type S3Context = ConnectorContext<S3Settings>;

/** What every key of the source begins with: nothing, or parts that each end with a slash. */
export function keyPrefix({ prefix }: Pick<S3Settings, 'prefix'>): string {
  return prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
}
