import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { ConnectorError } from '../../connector.ts';
import type { Place } from '../put-file.ts';
import type { EditedItem } from './edited-rows.ts';

/**
 * Fetches the very bytes that we have read last; false where the place holds others by now.
 * @throws ConnectorError for what is wrong with the place
 */
export function fetchKnown({ connector, context, renewing }: Place, item: EditedItem, to: string): Promise<boolean> {
  const { external_id: id, external_path: path, external_version: version } = item;
  return renewing(async () => {
    try {
      const { body } = await connector.download({ id, path, version }, {}, context);
      const hash = createHash('sha256');
      const metered = async function* (): AsyncGenerator<Uint8Array> {
        for await (const chunk of body) {
          hash.update(chunk);
          yield chunk;
        }
      };
      await pipeline(metered(), createWriteStream(to, { mode: 0o600 }));
      return hash.digest('hex') === item.content_hash;
    } catch (thrown) {
      if (thrown instanceof ConnectorError && ['conflict', 'not-found'].includes(thrown.kind)) return false;
      throw thrown;
    }
  });
}
