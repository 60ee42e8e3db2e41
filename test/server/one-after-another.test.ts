import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, onTestFinished, test } from 'vitest';
import { oneAfterAnother } from '../../src/server/one-after-another.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const GET = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;

async function opened() {
  const heard: { readonly path: string | undefined; readonly response: ServerResponse }[] = [];
  const server = createServer(oneAfterAnother(({ url }, response) => void heard.push({ path: url, response })));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return { heard, paths: () => heard.map(({ path }) => path), open: () => connect(port, '127.0.0.1') };
}

test('requests of one connection are heard of one after the other, whole, those of others meanwhile', async () => {
  const { heard, paths, open } = await opened();
  const socket = open();
  let received = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    received += text;
  });
  socket.write(GET('/1') + GET('/2') + GET('/3'));
  await expect.poll(paths).toEqual(['/1']);
  open().write(GET('/other'));
  await expect.poll(paths).toEqual(['/1', '/other']);
  heard[0]?.response.end('one');
  await expect.poll(paths).toEqual(['/1', '/other', '/2']);
  heard[2]?.response.end('two');
  await expect.poll(paths).toEqual(['/1', '/other', '/2', '/3']);
  heard[3]?.response.end('three');
  await expect.poll(() => received.match(/one|two|three/g)).toEqual(['one', 'two', 'three']);
});

test('what was sent ahead is never begun for a client that left', async () => {
  const { heard, paths, open } = await opened();
  const socket = open();
  socket.write(GET('/1') + GET('/2'));
  await expect.poll(paths).toEqual(['/1']);
  const closed = heard[0] && once(heard[0].response, 'close');
  socket.destroy();
  await closed;
  await new Promise(setImmediate);
  expect(paths()).toEqual(['/1']);
});

/** Answers the latest request, and keeps no hold on it. */
async function answered(heard: { readonly response: ServerResponse }[]): Promise<WeakRef<ServerResponse>> {
  const { response } = heard.pop() ?? expect.fail('nothing was heard');
  response.end('one');
  await once(response, 'close');
  return new WeakRef(response);
}

test('a connection that waits for its next request holds on to nothing of the last one', async () => {
  const { heard, paths, open } = await opened();
  const socket = open();
  socket.write(GET('/1'));
  await expect.poll(paths).toEqual(['/1']);
  const held = await answered(heard);
  await expect
    .poll(() => {
      collectGarbage();
      return held.deref() === undefined;
    })
    .toBe(true);
  socket.write(GET('/2'));
  await expect.poll(paths).toEqual(['/2']);
});
