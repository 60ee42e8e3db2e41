import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as later } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { shortened } from '../../src/server/leaving.ts';

/** A response whose client has left, as `seen` found it: before that, and after. */
async function leave<T>(seen: (response: ServerResponse) => T): Promise<{ before: T; after: T }> {
  const found = Promise.withResolvers<{ before: T; after: T }>();
  const server = createServer((_request, response) => {
    const before = seen(response);
    response.once('close', () => void later(5).then(() => found.resolve({ before, after: seen(response) })));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const socket = connect(typeof address === 'object' ? (address?.port ?? 0) : 0, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await later(20);
  socket.destroy();
  const result = await found.promise;
  server.close();
  return result;
}

test('a client that left is seen to have left, by whoever listened and by whoever asks after', async () => {
  const { before, after } = await leave((response) => shortened(response).left);
  expect([before.aborted, after.aborted]).toEqual([true, true]);
});
