/** Starting and stopping the server process itself. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, open, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { crashPoint } from '../../kernel/crash-point.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { OWNER, SERVER_ENVIRONMENT } from './cluster.ts';
import type { Home } from './placement.ts';
import { findPostmaster, forgetGone } from './postmaster.ts';

const run = promisify(execFile);

/** The loopback address: this server is nobody's but ours, and its bundled TLS library is out of support. */
export const LOOPBACK = '127.0.0.1';

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: LOOPBACK,
  // Socket paths have a length limit that a deep data folder would pass.
  unix_socket_directories: '',
  shared_buffers: '256MB',
  max_wal_size: '4GB',
  // Until what a large import wrote has been vacuumed, counts and lists read several times as much: after a minute by default.
  autovacuum_naptime: '15s',
  // Compiling a plan costs more than the short statements of an API take.
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** A crash may leave minutes of recovery. */
const READY_MS = 300_000;
const ANSWER_MS = 5_000;
const LOG_LIMIT = 10 * 1024 * 1024;
/** The port can be taken between choosing it and binding it; a killed server's children hold its shared memory a moment longer. */
const PASSING = /could not bind|could not create any|pre-existing shared memory/;
const TRIES = 10;
/** Of a start on the one port that will do: its caller waits longer and longer, and may be told to stop in between. */
const TRIES_ON_ONE = 3;

/**
 * Starts the server, whose lock the caller holds, and waits until it answers; returns its port. The last start's port is used again if it is free. With
 * `only`, no other port will do: there are processes that know the server by it.
 * @throws AppError DATA_DIR_INVALID with the end of the server's log when it does not come up.
 */
export async function startServer(
  home: Home,
  binaries: Binaries,
  account: Account | undefined,
  settings: Readonly<Record<string, string>>,
  only?: number,
): Promise<number> {
  await forgetGone(home.data);
  for (let attempt = 1; ; attempt += 1) {
    const port = only ?? (await choosePort(attempt <= 2 ? await lastPort(home) : 0));
    const logged = await launch(home, binaries, account, { ...SETTINGS, ...settings, port: String(port) });
    if (logged === undefined) {
      crashPoint('embedded.answering');
      await writeFile(home.port, `${port}\n`);
      return port;
    }
    if (attempt < (only === undefined ? TRIES : TRIES_ON_ONE) && PASSING.test(logged)) {
      await sleep(100 * attempt);
      continue;
    }
    throw new AppError('DATA_DIR_INVALID', `The embedded PostgreSQL did not start:\n${logged.trim()}`, {
      path: home.log,
      hint: `The whole log is in ${home.log}.`,
    });
  }
}

/** Waits until the server on `port` answers as ours. Returns false when `isRunning` says that it is gone. */
export async function waitUntilReady(home: Home, port: number, isRunning: () => Promise<boolean>): Promise<boolean> {
  const password = (await readFile(home.password, 'utf8')).trim();
  const end = Date.now() + READY_MS;
  for (;;) {
    const client = new pg.Client({
      ...{ host: LOOPBACK, port, user: OWNER, password, database: 'postgres' },
      // A stranger on the port may take the connection and never say a word.
      connectionTimeoutMillis: ANSWER_MS,
    });
    // A server that goes away in this very moment reports here as well as in the rejection.
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return true;
    } catch (cause) {
      if (!(await isRunning())) return false;
      if (Date.now() > end) {
        throw new AppError('DATA_DIR_INVALID', `The embedded PostgreSQL on port ${port} does not answer`, {
          cause,
          path: home.log,
          hint: `See ${home.log}.`,
        });
      }
      await sleep(30);
    }
  }
}

/** Stops the server: running statements are ended, everything committed is on disk. */
export async function stopServer(home: Home, binaries: Binaries, account: Account | undefined): Promise<void> {
  if ((await findPostmaster(home.data)) === undefined) return;
  await run(binaries.pgCtl, ['stop', '--pgdata', home.data, '--mode=fast', '--wait', '--timeout=120'], {
    ...account,
    cwd: home.folder,
    env: SERVER_ENVIRONMENT,
  });
}

/** Returns undefined once the server answers, or what it wrote to its log if it ended first. */
async function launch(
  home: Home,
  binaries: Binaries,
  account: Account | undefined,
  settings: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const log = await openLog(home.log);
  const { size } = await log.stat();
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(binaries.postgres, ['-D', home.data, ...flags], {
    ...account,
    cwd: home.folder,
    env: SERVER_ENVIRONMENT,
    stdio: ['ignore', log.fd, log.fd],
    // A session of its own: Ctrl-C in the terminal must not reach it before its users are done.
    detached: true,
  });
  server.unref();
  let ended = false;
  const end = Promise.race([once(server, 'exit'), once(server, 'error')]).then(
    () => {
      ended = true;
    },
    () => {
      ended = true;
    },
  );
  await log.close();
  crashPoint('embedded.launched');
  if (await waitUntilReady(home, Number(settings['port']), async () => !ended)) return undefined;
  await end;
  return (await readFile(home.log)).subarray(size).toString('utf8');
}

async function openLog(path: string): Promise<FileHandle> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size > LOG_LIMIT) await rename(path, `${path}.1`);
  return open(path, 'a', 0o600);
}

async function lastPort(home: Home): Promise<number> {
  const port = Number(await readFile(home.port, 'utf8').catch(() => '0'));
  return Number.isInteger(port) && port > 0 && port <= 65_535 ? port : 0;
}

/** The wanted port if it is free, else one that is. */
async function choosePort(wanted: number): Promise<number> {
  const server = createServer();
  try {
    server.listen(wanted, LOOPBACK);
    await once(server, 'listening');
    const address = server.address();
    if (address !== null && typeof address === 'object') return address.port;
  } catch (cause) {
    if (wanted === 0) throw cause;
    return choosePort(0);
  } finally {
    server.close();
  }
  return choosePort(0);
}
