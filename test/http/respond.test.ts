/** Errors in the form that GraphQL clients read. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { HttpError } from '../../src/http/http-error.ts';
import { sendError } from '../../src/http/respond.ts';
import { AppError } from '../../src/kernel/errors.ts';

async function sent(shown: AppError): Promise<Response> {
  const server = createServer((_request, response) => sendError(response, shown, 'an-id'));
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return fetch(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`);
}

test('an error that passes says when to come back', async () => {
  const response = await sent(new HttpError(503, 'INTERNAL', 'Not now', { retryAfter: 1 }));
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
});

test('one that does not says nothing of it', async () => {
  const response = await sent(new AppError('UNAUTHENTICATED', 'Who are you?'));
  expect([response.status, response.headers.get('retry-after')]).toEqual([401, null]);
  expect(response.headers.get('www-authenticate')).toContain('Bearer');
});
