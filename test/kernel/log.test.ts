import { expect, test } from 'vitest';
import { AppError } from '../../src/kernel/errors.ts';
import { createLog } from '../../src/kernel/log.ts';

function recorded(secrets: string[] = []): { lines: string[]; log: ReturnType<typeof createLog> } {
  const lines: string[] = [];
  return { lines, log: createLog({ level: 'info', secrets, stream: { write: (line) => lines.push(line) } }) };
}

test('a line is one JSON object with its time and message', () => {
  const { lines, log } = recorded();
  log.info({ rows: 3 }, 'imported');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ rows: 3, msg: 'imported', time: expect.stringMatching(/Z$/) });
});

test('an error keeps its code, kind, hint and cause', () => {
  const { lines, log } = recorded();
  log.error({
    err: new AppError('FILE_MISSING', 'No such file', { hint: 'Look elsewhere', cause: new Error('ENOENT') }),
  });
  const { err } = JSON.parse(lines[0] ?? '');
  expect(err).toMatchObject({
    code: 'FILE_MISSING',
    kind: 'data',
    hint: 'Look elsewhere',
    cause: { message: 'ENOENT' },
  });
});

test('no secret reaches a line: by its key, by its value, in a URL, in an error’s cause', () => {
  const { lines, log } = recorded(['canary-token']);
  log.info({
    password: 'canary-1',
    headers: { authorization: 'canary-2' },
    request: { headers: { cookie: 'canary-3' } },
  });
  log.info('called with canary-token');
  log.error({ err: new Error('outer', { cause: new Error('connect postgresql://anna:canary-4@host/db failed') }) });
  expect(lines).toHaveLength(3);
  expect(lines.join('')).not.toContain('canary');
});
