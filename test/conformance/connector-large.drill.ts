/** What every connector that writes promises of large files. */
import { describe, expect, test } from 'vitest';
import { failure, fetchItem } from '../support/follower.ts';
import { loadPairs, usePlaces } from './connector-fakes.ts';
import { write } from './upload-text.ts';

const { pairs } = await loadPairs();
const open = usePlaces();

describe.each(pairs.filter(({ connector }) => connector.capabilities.write !== false))('$id', ({ connector, fake }) => {
  test('a large file is written in portions, and goes on where it broke off', async () => {
    const place = await open(fake);
    const content = Buffer.alloc(20 * 1024 * 1024, 'A line of a large file.\n');
    let state: string | undefined;
    const breaking = write(connector, place, 'large.bin', content, null, {
      onProgress: async (resume) => {
        state = resume;
        throw new Error('the process ends here');
      },
    });
    expect(String(await failure(breaking))).toMatch(/ends here/);
    expect(state).toBeDefined();
    let read = 0;
    const made = await write(connector, place, 'large.bin', content, null, { resume: state }, (bytes) => {
      read += bytes;
    });
    expect(read).toBeLessThan(content.length);
    expect((await fetchItem(connector, place.context(), made)).equals(content)).toBe(true);
  });
});
