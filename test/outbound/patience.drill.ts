import { expect, test } from 'vitest';
import { open, serve } from '../support/outbound.ts';

test('an answer that does not begin, or falls silent, ends; one that is held back is waited for by the patient', async () => {
  const { url } = await serve((request, response) => {
    if (request.url === '/silent') {
      response.writeHead(200);
      response.write('a');
    } else setTimeout(() => response.end('late'), 1_500).unref();
  });
  const { fetch, patientFetch } = open({ allow: ['127.0.0.1'], times: { headersMs: 300, silenceMs: 300 } });
  const late = patientFetch(`${url}/late`);
  await expect(fetch(`${url}/late`)).rejects.toThrow('fetch failed');
  await expect(fetch(`${url}/silent`).then((answer) => answer.text())).rejects.toThrow('terminated');
  expect(await (await late).text()).toBe('late');
});
