import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPairs } from '../../src/cli/given-settings.ts';
import folder from '../../src/sources/connectors/folder.ts';
import { makeFolder } from '../support/folder.ts';

test('a folder is where the user stands, or else a name that the import roots know', async () => {
  const here = await makeFolder({ 'data/note.md': 'a note' });
  expect(readPairs(folder, ['path=data'], here)).toEqual({ path: join(here, 'data') });
  expect(readPairs(folder, ['path=team'], here)).toEqual({ path: 'team' });
});
