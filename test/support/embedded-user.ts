/** A process that uses the embedded server of a data folder until SIGTERM: `node embedded-user.ts DATA_DIR [SHARED_FOLDER]`. */
import { openEmbedded } from '../../src/database/embedded/server.ts';
import { silentLog } from '../../src/kernel/log.ts';

const [dataDir, sharedFolder] = process.argv.slice(2);
if (dataDir === undefined) throw new Error('DATA_DIR is missing');
const server = await openEmbedded(dataDir, silentLog(), { ...(sharedFolder !== undefined && { sharedFolder }) });
const stay = setInterval(() => undefined, 60_000);
process.on('SIGTERM', async () => {
  await server.release();
  clearInterval(stay);
});
const { how, port, ownerUrl } = server;
process.stdout.write(`${JSON.stringify({ how, port, ownerUrl })}\n`);
