import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { dropbox } from '../../support/dropbox/places.ts';

const SECRET = 'the app’s secret';
const BODY = Buffer.from('{"list_folder": {"accounts": ["dbid:AAA", "dbid:BBB"]}, "delta": {"users": [1]}}');
const url = new URL('https://hub.example.com/webhooks/sources/dropbox');

function called(body: Buffer, signature: string | null, secret = SECRET) {
  const headers = new Headers(signature === null ? {} : { 'x-dropbox-signature': signature });
  return dropbox.webhooks?.receive({ method: 'POST', url, headers, body }, secret);
}

function sign(body: Buffer, secret = SECRET): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

test('the challenge is answered with itself, as plain text', async () => {
  const asked = new URL(`${url}?challenge=abc%3Cb%3E`);
  const hook = { method: 'GET', url: asked, headers: new Headers(), body: Buffer.alloc(0) };
  const answer = { dirty: [], status: 200, body: 'abc<b>', contentType: 'text/plain' };
  expect(await dropbox.webhooks?.receive(hook, SECRET)).toEqual(answer);
  expect(await dropbox.webhooks?.receive({ ...hook, url }, SECRET)).toMatchObject({ status: 400, dirty: [] });
});

test('a signed call names the accounts whose places have changed', async () => {
  expect(await called(BODY, sign(BODY))).toEqual({ dirty: ['dbid:AAA', 'dbid:BBB'], status: 200 });
  const unknown = Buffer.from('{"something_new": true}');
  expect(await called(unknown, sign(unknown))).toEqual({ dirty: [], status: 200 });
});

test('a call that Dropbox did not sign wakes nobody', async () => {
  const refused = { dirty: [], status: 403 };
  expect(await called(BODY, null)).toEqual(refused);
  expect(await called(BODY, sign(BODY, 'another'))).toEqual(refused);
  expect(await called(Buffer.concat([BODY, Buffer.from(' ')]), sign(BODY))).toEqual(refused);
  expect(await called(BODY, 'zz')).toEqual(refused);
  expect(await called(BODY, sign(BODY, ''), '')).toEqual(refused);
});
