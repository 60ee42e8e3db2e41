/** Edits by hand over HTTP: what was cut off is sent again under its key, and is done once. */

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Case } from './case.ts';
import { type Child, resume, startScript, stoppedAtPoint } from './child.ts';
import { type Site, throughPort, withPool } from './lane.ts';
import { openProxy } from './proxy.ts';
import { judge, type Verdict } from './verdict.ts';
import type { World } from './world.ts';

const TOKEN = 'a-token-of-the-faults-run';
const VIDEO = 'vid00000005';
const TITLE = 'Said by hand';
const PATIENCE_MS = 60_000;

type Fault = 'kill' | 'stop' | 'drop';

export function planEdits(): Case[] {
  return ['edit.before-commit', 'edit.committed'].flatMap((point) =>
    (['kill', 'stop', 'drop'] as const).map(
      (fault): Case => ({ name: `${fault} ${point}:1`, run: (world) => disturbEdit(world, point, fault) }),
    ),
  );
}

async function disturbEdit(world: World, point: string, fault: Fault): Promise<Verdict> {
  const { lane } = world;
  const site = await lane.clone();
  const proxy = fault === 'drop' ? await openProxy('127.0.0.1', lane.port()) : undefined;
  const url = proxy === undefined ? site.ownerUrl : throughPort(site.ownerUrl, proxy.port);
  const crash = `${point}:1${fault === 'kill' ? '' : ':pause'}`;
  let server = serve(world, url, crash);
  try {
    let address = await addressOf(server);
    const first = edit(address);
    if (fault === 'kill') {
      await server.ended;
      // Another start, as after any crash.
      server = serve(world, site.ownerUrl, '');
      address = await addressOf(server);
    } else {
      await stoppedAtPoint(server);
      if (fault === 'stop') await lane.stopNow();
      else proxy?.drop();
      resume(server);
      if (fault === 'stop') await lane.start();
    }
    const told = await first;
    const again = await untilDone(address);
    const faults = again === 'done' ? [] : [`sent again under its key: ${again}`];
    faults.push(...(await changesOf(site)));
    server.process.kill('SIGTERM');
    await server.ended;
    const touched = new Set(['videos', 'changes']);
    const rest = Object.fromEntries(Object.entries(world.before).filter(([name]) => !touched.has(name)));
    faults.push(...(await judge(lane, site, join(world.folder, 'first'), rest)));
    return { told: `${told}, sent again ${again}`, faults };
  } finally {
    server.process.kill('SIGKILL');
    await server.ended;
    await proxy?.close();
    await lane.drop(site);
  }
}

function serve(world: World, url: string, crash: string): Child {
  return startScript('src/main.ts', ['serve'], {
    DATABASE_URL: url,
    CAIRN_DATA_DIR: join(world.folder, 'served'),
    CAIRN_ADMIN_TOKEN: TOKEN,
    CAIRN_CRASH: crash,
    PORT: '0',
  });
}

async function addressOf(server: Child): Promise<string> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = /^Cairn serves (.*\/graphql)$/m.exec(server.out())?.[1];
    if (found !== undefined) return found;
    if (Date.now() > end || server.process.exitCode !== null) throw new Error(`No server came up: ${server.err()}`);
    await sleep(20);
  }
}

/** The edit, under the same key each time. `done`, or what came instead. */
async function edit(address: string): Promise<string> {
  try {
    const answer = await fetch(address, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${TOKEN}`,
        'idempotency-key': 'the-edit-of-the-faults-run',
      },
      body: JSON.stringify({
        query: `mutation { updateVideo(videoId: "${VIDEO}", patch: { title: "${TITLE}" }) { changed video { title } } }`,
      }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await answer.text();
    return text.includes(`"title":"${TITLE}"`) ? 'done' : (/"code":"(\w+)"/.exec(text)?.[1] ?? text.slice(0, 200));
  } catch (thrown) {
    return thrown instanceof Error && thrown.name === 'TimeoutError' ? 'no answer' : 'cut off';
  }
}

/** A client that sends it again until it is answered. */
async function untilDone(address: string): Promise<string> {
  let told = '';
  for (let attempt = 0; attempt < 20; attempt += 1) {
    told = await edit(address);
    if (told === 'done') return told;
    await sleep(500);
  }
  return told;
}

async function changesOf(site: Site): Promise<string[]> {
  return withPool(site.apiUrl, async (pool) => {
    const { rows } = await pool.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM change_log
        WHERE table_name = 'videos' AND record_id = $1 AND new_values ->> 'title' = $2`,
      [VIDEO, TITLE],
    );
    return rows[0]?.count === 1 ? [] : [`the edit stands ${rows[0]?.count} times in the change log`];
  });
}
