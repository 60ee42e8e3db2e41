/** What a source that is a bucket of Google Cloud Storage may be set to. */
import { type Static, Type } from 'typebox';
import type { ConnectorContext } from '../connector.ts';

export const gcsSettings = Type.Object(
  {
    bucket: Type.String({
      title: 'Bucket',
      description: 'The name of the bucket, without gs://.',
      pattern: '^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$',
    }),
    prefix: Type.String({
      title: 'Prefix',
      description:
        'The part of the bucket to follow, as a folder of names, such as team/research; empty for all of it.',
      default: '',
      maxLength: 1000,
    }),
  },
  { additionalProperties: false },
);

export type GcsSettings = Static<typeof gcsSettings>;
export type GcsContext = ConnectorContext<GcsSettings>;

/** What every name of the source begins with: nothing, or parts that each end with a slash. */
export function namePrefix({ prefix }: GcsSettings): string {
  return prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
}
