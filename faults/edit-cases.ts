/** Edits by hand over HTTP: what was cut off is sent again under its key, and is done once. */

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CrashPoint } from '../src/kernel/crash-point.ts';
import type { Case } from './case.ts';
import { type Child, resume, startScript } from './child.ts';
import { type Site, throughPort, withPool } from './lane.ts';
import { ARMED } from './outcome.ts';
import { openProxy } from './proxy.ts';
import { judge, type Verdict } from './verdict.ts';
import { ARMABLE, arm } from './workers.ts';
import type { World } from './world.ts';

const TOKEN = 'a-token-of-the-faults-run';
const VIDEO = 'vid00000005';
const PATIENCE_MS = 60_000;

const POINTS: readonly CrashPoint[] = ['edit.before-commit', 'edit.committed'];
/** Of one start of a server; the kill ends it. */
const FAULTS = ['stop', 'drop', 'kill'] as const;

interface Edit {
  readonly point: CrashPoint;
  readonly fault: (typeof FAULTS)[number];
}

const EDITS: readonly Edit[] = POINTS.flatMap((point) => FAULTS.map((fault) => ({ point, fault })));

export const planEdits = (): Case[] => [
  { name: `kill ${POINTS.join(', ')} after stop and drop`, kills: POINTS, run: disturbEdits },
];

/** An edit after the other, each with its own title and key, on a server that meets a fault at each. */
async function disturbEdits(world: World): Promise<Verdict> {
  const { lane } = world;
  const site = await lane.clone();
  const proxy = await openProxy('127.0.0.1', lane.port());
  let server = serve(world, throughPort(site.ownerUrl, proxy.port));
  const faults: string[] = [];
  const told: string[] = [];
  try {
    let address = await addressOf(server);
    for (const one of EDITS) {
      const { point, fault } = one;
      let settle = (): void => undefined;
      await arm(server, `${point}:1${fault === 'kill' ? '' : ':pause'}`);
      const first = edit(address, one);
      if (fault === 'kill') {
        await server.ended;
        // Another start, as after any crash.
        server = serve(world, throughPort(site.ownerUrl, proxy.port));
        address = await addressOf(server);
      } else {
        if (!(await stoppedAt(server, point))) faults.push(`${point} is not reached before ${fault}`);
        if (fault === 'stop') await lane.stopNow();
        else proxy.drop();
        settle = resume(server);
        if (fault === 'stop') await lane.start();
      }
      told.push(`${fault} ${await first}`);
      settle();
      const again = await untilDone(address, one);
      if (again !== 'done') faults.push(`${titleOf(one)}, sent again under its key: ${again}`);
      faults.push(...(await changesOf(site, one)));
    }
    server.process.kill('SIGTERM');
    await server.ended;
    const touched = new Set(['videos', 'changes']);
    const rest = Object.fromEntries(Object.entries(world.before).filter(([name]) => !touched.has(name)));
    faults.push(...(await judge(world, site, world.given.first, rest)));
    return { told: `${told.join(', ')}; all sent again`, faults };
  } finally {
    server.process.kill('SIGKILL');
    await server.ended;
    await proxy.close();
    await lane.drop(site);
  }
}

function serve(world: World, url: string): Child {
  const env = {
    DATABASE_URL: url,
    CAIRN_DATA_DIR: join(world.folder, 'served'),
    CAIRN_ADMIN_TOKEN: TOKEN,
    PORT: '0',
  };
  return startScript('src/main.ts', ['serve'], env, 'pipe', ARMABLE);
}

/** Whether the server stands still where it was armed last; false after a while. */
async function stoppedAt(server: Child, point: CrashPoint): Promise<boolean> {
  const end = Date.now() + PATIENCE_MS;
  const isThere = (): boolean => server.err().lastIndexOf(`crash point ${point}:`) > server.err().lastIndexOf(ARMED);
  while (!isThere() && server.process.exitCode === null && Date.now() < end) await sleep(5);
  return isThere();
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

const titleOf = ({ point, fault }: Edit): string => `Said before ${fault} at ${point}`;

/** The edit, under the same key each time. `done`, or what came instead. */
async function edit(address: string, one: Edit): Promise<string> {
  try {
    const answer = await fetch(address, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${TOKEN}`,
        'idempotency-key': `the-edit-before-${one.fault}-at-${one.point}`,
      },
      body: JSON.stringify({
        query: `mutation { updateVideo(videoId: "${VIDEO}", patch: { title: "${titleOf(one)}" }) { changed video { title } } }`,
      }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await answer.text();
    return text.includes(`"title":"${titleOf(one)}"`)
      ? 'done'
      : (/"code":"(\w+)"/.exec(text)?.[1] ?? text.slice(0, 200));
  } catch (thrown) {
    return thrown instanceof Error && thrown.name === 'TimeoutError' ? 'no answer' : 'cut off';
  }
}

/** A client that sends it again until it is answered. */
async function untilDone(address: string, one: Edit): Promise<string> {
  let told = '';
  for (let attempt = 0; attempt < 20; attempt += 1) {
    told = await edit(address, one);
    if (told === 'done') return told;
    await sleep(500);
  }
  return told;
}

async function changesOf(site: Site, one: Edit): Promise<string[]> {
  return withPool(site.apiUrl, async (pool) => {
    const { rows } = await pool.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM change_log
        WHERE table_name = 'videos' AND record_id = $1 AND new_values ->> 'title' = $2`,
      [VIDEO, titleOf(one)],
    );
    return rows[0]?.count === 1 ? [] : [`${titleOf(one)} stands ${rows[0]?.count} times in the change log`];
  });
}
