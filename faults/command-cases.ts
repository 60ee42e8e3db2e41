/** Crash points of whole commands: starts of the embedded server, migrations, upkeep, backups and restores. */
import { mkdir, mkdtemp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { crashPointLines } from '../src/kernel/crash-point.ts';
import type { Case } from './case.ts';
import { cairn, cairnHere } from './command.ts';
import { planJobs } from './job-cases.ts';
import { BLANK, copyHouse, type Site, withPool } from './lane.ts';
import { threeOf } from './plan.ts';
import { planSyncs } from './sync-cases.ts';
import { judge, type Verdict } from './verdict.ts';
import type { Given, World } from './world.ts';

type Env = Readonly<Record<string, string>>;

/** What is disturbed, and what is run afterwards: it must end with 0. Returns what else does not hold. */
interface Disturbed {
  readonly argv: readonly string[];
  readonly env: Env;
  readonly again: readonly (readonly string[])[];
  readonly after?: () => Promise<string[]>;
}

type Make = (world: World) => Promise<Disturbed>;
type Which = 'first' | 'middle' | 'last';

const killCase = (point: string, which: Which, make: Make): Case => ({
  name: `kill ${point} (${which})`,
  kills: [point],
  run: (world) => kill(world, point, which, make),
});

/** How often each command comes by its points, of all worlds that are given the same: each command is traced once. */
const traces = new WeakMap<Given, Map<Make, Promise<ReadonlyMap<string, number>>>>();

function hitsOf(world: World, make: Make): Promise<ReadonlyMap<string, number>> {
  const known = traces.get(world.given) ?? new Map<Make, Promise<ReadonlyMap<string, number>>>();
  traces.set(world.given, known);
  const hits = known.get(make) ?? trace(world, make);
  known.set(make, hits);
  return hits;
}

async function trace(world: World, make: Make): Promise<ReadonlyMap<string, number>> {
  const { argv, env, after } = await make(world);
  const { err } = await cairn(argv, { ...env, CAIRN_CRASH: 'trace' });
  await after?.();
  return new Map(crashPointLines(err).map(({ name, hit }) => [name, hit]));
}

async function kill(world: World, point: string, which: Which, make: Make): Promise<Verdict> {
  const three = which === 'first' ? [1] : threeOf((await hitsOf(world, make)).get(point) ?? 1);
  const hit = { first: 1, middle: three[1] ?? 1, last: three.at(-1) ?? 1 }[which];
  const { argv, env, again, after } = await make(world);
  const disturbed = await cairn(argv, { ...env, CAIRN_CRASH: `${point}:${hit}` });
  const faults: string[] = [];
  if (disturbed.code !== null) faults.push(`${point}:${hit} is not reached: ${disturbed.code} ${disturbed.err}`);
  for (const command of again) {
    const { code, out, err } = await (world.isLong ? cairn : cairnHere)(command, env);
    if (code !== 0) faults.push(`cairn ${command.join(' ')} then ended with ${code}: ${err}${out}`);
  }
  faults.push(...((await after?.()) ?? []));
  return { told: `hit ${hit}, then ${again.map(([name]) => name).join(', ')}`, faults };
}

const DEEP = ['doctor', '--deep'];

let folders = 0;

/** A data folder that does not exist yet, where the server's system user can go. */
async function freshFolder(world: World): Promise<string> {
  folders += 1;
  const folder = join(world.folder, `house-${folders}`);
  await mkdir(folder, { mode: 0o755 });
  return join(folder, 'cairn');
}

/** A first start in an empty folder. */
async function firstStart(world: World): Promise<Disturbed> {
  const dataDir = await freshFolder(world);
  const after = async (): Promise<string[]> => {
    const left = await readdir(join(dataDir, 'postgres'), { recursive: true });
    return left
      .filter((name) => /^data\.new|password\.initdb$|^data\/postmaster\.pid$/.test(name))
      .map((name) => `${name} is left in the data folder`);
  };
  return { argv: ['migrate'], env: { CAIRN_DATA_DIR: dataDir }, again: [DEEP], after };
}

async function onSite(world: World, template: string | undefined, make: (site: Site) => Omit<Disturbed, 'env'>) {
  const site = await world.lane.clone(template);
  const made = make(site);
  const after = async (): Promise<string[]> => {
    const faults = (await made.after?.()) ?? [];
    await world.lane.drop(site);
    return faults;
  };
  return { ...made, env: { DATABASE_URL: site.ownerUrl, CAIRN_DATA_DIR: join(world.folder, 'unused') }, after };
}

const firstMigration = (world: World): Promise<Disturbed> =>
  onSite(world, BLANK, () => ({ argv: ['migrate'], again: [DEEP] }));

const upkeep = (world: World): Promise<Disturbed> =>
  onSite(world, undefined, () => ({ argv: ['serve', '--role', 'worker'], again: [DEEP] }));

/** A folder for backups, and that nothing unfinished is left in it. */
async function backupFolder(world: World) {
  const folder = await mkdtemp(join(world.folder, 'backups-'));
  const after = async (): Promise<string[]> =>
    (await readdir(folder)).filter((name) => name.endsWith('.part')).map((name) => `${name} is left`);
  return { folder, after };
}

async function portableBackup(world: World): Promise<Disturbed> {
  const { folder, after } = await backupFolder(world);
  return onSite(world, undefined, () => ({ argv: ['backup', folder], again: [['backup', folder], DEEP], after }));
}

const houses = new WeakMap<Given, Promise<string>>();

/** A data folder with an embedded server's cluster, made once. */
function house(world: World): Promise<string> {
  const made = houses.get(world.given) ?? makeHouse(world);
  houses.set(world.given, made);
  return made;
}

async function makeHouse(world: World): Promise<string> {
  const dataDir = await freshFolder(world);
  await copyHouse(world.pattern, dataDir);
  return dataDir;
}

async function physicalBackup(world: World): Promise<Disturbed> {
  const { folder, after } = await backupFolder(world);
  const env = { CAIRN_DATA_DIR: await house(world) };
  return { argv: ['backup', folder], env, again: [['backup', folder], DEEP], after };
}

const backups = new WeakMap<Given, Promise<string>>();

function backupOf(world: World): Promise<string> {
  const made = backups.get(world.given) ?? makeBackup(world);
  backups.set(world.given, made);
  return made;
}

async function makeBackup(world: World): Promise<string> {
  const { argv, env, after } = await portableBackup(world);
  const [, folder = ''] = argv;
  await cairnHere(argv, env);
  await after?.();
  const [name = ''] = (await readdir(folder)).filter((found) => found.startsWith('cairn-'));
  return join(folder, name);
}

async function restore(world: World, again: (backup: string) => readonly (readonly string[])[]): Promise<Disturbed> {
  const backup = await backupOf(world);
  return onSite(world, BLANK, (site) => ({
    argv: ['restore', '--quick', backup],
    again: again(backup),
    after: async () => {
      return judge(world, site, world.given.first, world.before);
    },
  }));
}

const restoreAgain = (world: World): Promise<Disturbed> =>
  restore(world, (backup) => [['restore', '--quick', backup], DEEP]);

const restoredOnce = (world: World): Promise<Disturbed> => restore(world, () => [DEEP]);

/** An import that fails, killed before it could say so. */
async function failingImport(world: World): Promise<Disturbed> {
  return onSite(world, undefined, (site) => ({
    argv: ['import', world.given.bad, '--json'],
    again: [DEEP],
    after: async () =>
      withPool(site.apiUrl, async (pool) => {
        const { rows } = await pool.query("SELECT FROM imports WHERE status = 'running'");
        // `doctor` ends the lines of killed imports that are older than some seconds.
        await pool.query("UPDATE imports SET started_at = started_at - interval '6 seconds' WHERE status = 'running'");
        const left = await cairnHere(['doctor'], {
          DATABASE_URL: site.ownerUrl,
          CAIRN_DATA_DIR: join(world.folder, 'unused'),
        });
        const after = await pool.query("SELECT FROM imports WHERE status = 'running'");
        return (after.rowCount ?? 0) > 0 ? [`${rows.length} imports run for ever: ${left.out}`] : [];
      }),
  }));
}

const THREE = ['first', 'middle', 'last'] as const;

/** A case per point; of those that come by more than once the first, a middle and the last time. What takes longest comes first. */
export function planCommands(isLong: boolean): Case[] {
  const first = (points: readonly string[], make: Make): Case[] =>
    points.map((point) => killCase(point, 'first', make));
  const three = (points: readonly string[], make: Make): Case[] =>
    points.flatMap((point) => THREE.map((which) => killCase(point, which, make)));
  return [
    ...planSyncs(isLong),
    ...planJobs(),
    ...first(
      ['embedded.initdb', 'embedded.launched', 'embedded.answering', 'embedded.leaving', 'embedded.stopped'],
      firstStart,
    ),
    ...first(['migrate.locked', 'migrate.applied'], firstMigration),
    ...three(['migrate.script', 'migrate.scripted'], firstMigration),
    ...first(['import.failing'], failingImport),
    ...first(['upkeep.task'], upkeep),
    ...three(['backup.table'], portableBackup),
    ...first(['backup.written'], portableBackup),
    ...first(['backup.started', 'backup.copied', 'backup.stopped'], physicalBackup),
    ...three(['restore.table'], restoreAgain),
    ...first(['restore.loaded'], restoredOnce),
  ];
}
