/** The folder connector has no provider: its place is a temporary folder, and its faults are those of disks (see test/sources/folder). */
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { folderContext } from '../folder-source.ts';
import type { ProviderFake } from '../provider-fake.ts';

const NO_SERVER = 'there is no server that could answer so';

const fake: ProviderFake = {
  connector: 'folder',
  impossible: {
    'rate-limit': NO_SERVER,
    'server-error': NO_SERVER,
    cut: NO_SERVER,
    lie: 'a disk tells no hash',
    html: NO_SERVER,
    'expired-token': 'nothing has to be opened',
    'revoked-token': 'nothing has to be opened',
    'cursor-lost': 'each pass reads the disk',
    'duplicate-page': NO_SERVER,
    'repeat-for-ever': 'links are not followed',
  },
  async open() {
    const root = await mkdtemp(join(tmpdir(), 'cairn-source-'));
    const at = async (path: string): Promise<string> => {
      await mkdir(dirname(join(root, path)), { recursive: true });
      return join(root, path);
    };
    return {
      context: (signal) => folderContext(root, { signal }),
      routes: {},
      async put(path, content) {
        await writeFile(await at(path), content);
        return path;
      },
      remove: (path) => rm(join(root, path), { recursive: true }),
      move: async (from, to) => rename(join(root, from), await at(to)),
      fault: (_point, { kind }) => {
        throw new Error(`A folder has no way to make the fault "${kind}"`);
      },
      heal: () => undefined,
      requests: () => 0,
      close: () => rm(root, { recursive: true, force: true }),
    };
  },
};

export default fake;
