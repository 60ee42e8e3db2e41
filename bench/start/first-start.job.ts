/** The same on a data folder that does not exist yet: the database is made and migrated first. */

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { defineJob } from '../job.ts';
import { startAndAsk } from './start-and-ask.ts';

export default defineJob({
  name: 'start/first-start',
  measures: 'from the start of the process without a data folder to the first answer of the API',
  unit: 'ms',
  better: 'less',
  targets: [],
  open: async ({ folder }) => {
    const dataDir = join(folder, 'first-start');
    return {
      contenders: [
        {
          name: 'Cairn',
          role: 'subject',
          prepare: () => rm(dataDir, { recursive: true, force: true }),
          run: async () => ({ value: (await startAndAsk(dataDir)).answered }),
        },
      ],
    };
  },
});
