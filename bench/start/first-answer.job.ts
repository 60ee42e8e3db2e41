/** From `npm start` on a data folder that was used before to the first answer: what a restart costs those who wait. */
import { join } from 'node:path';
import { openEmbedded } from '../../src/database/embedded/server.ts';
import { createLog } from '../../src/kernel/log.ts';
import { defineJob } from '../job.ts';
import { startAndAsk } from './start-and-ask.ts';

export default defineJob({
  name: 'start/first-answer',
  measures: 'from the start of the process on an initialised data folder to the first answer of the API',
  unit: 'ms',
  better: 'less',
  targets: [{ kind: 'bound', atMost: 3_000 }],
  open: async ({ folder }) => {
    const dataDir = join(folder, 'start');
    const log = createLog({ level: 'error', secrets: [] });
    await startAndAsk(dataDir);
    return {
      contenders: [
        { name: 'Cairn', role: 'subject', run: async () => measurementOf(await startAndAsk(dataDir)) },
        {
          name: 'PostgreSQL alone',
          role: 'limit',
          run: async () => {
            const begun = performance.now();
            const server = await openEmbedded(dataDir, log);
            const value = performance.now() - begun;
            await server.release();
            return { value };
          },
        },
      ],
    };
  },
});

function measurementOf({ answered, served }: { readonly answered: number; readonly served: number }) {
  return { value: answered, figures: { 'port open ms': served } };
}
