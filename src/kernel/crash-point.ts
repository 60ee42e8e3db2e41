/**
 * Places in the code where a kill would leave the most half done. Each is a no-op, unless CAIRN_CRASH names it: then the
 * process kills itself there, or stops there so that a test can take away what it stands on (its server, its connection,
 * its disk). `npm run faults` goes through all of them.
 */
import { writeSync } from 'node:fs';

/** Every crash point and what is half done there. A new one is a line here and a call `crashPoint('its.name')`. */
export const CRASH_POINTS = {
  'embedded.initdb': 'a new cluster is made and not yet renamed into its place',
  'embedded.launched': 'the server process exists and does not answer yet',
  'embedded.answering': 'the server answers; its port is not written down, its database perhaps not made',
  'embedded.leaving': 'this use of the server has ended; it still runs and nobody looks after it',
  'embedded.stopped': 'the server has stopped; the locks on its folder are still held',
  'migrate.locked': 'the lock of a start is held; roles and migrations are not looked at',
  'migrate.script': 'one migration is about to be sent',
  'migrate.scripted': "one migration's statements committed; the record of migrations still says that it runs",
  'migrate.applied': "all migrations are applied; the change log's partitions may be missing",
  'import.hashed': 'the file was read once and hashed; the imports know nothing of it',
  'import.begun': "the import's line says running; its transaction has not begun",
  'import.locked': 'the transaction holds its locks; nothing is staged',
  'import.batch': 'one more batch is staged',
  'import.staged': 'everything is staged; nothing is matched with the rows',
  'import.matched': 'repeated and buried records are rejects; no row is written',
  'import.derived': 'derived rows are written; the records are not',
  'import.merged': 'the rows are written; references do not lead to them',
  'import.resolved': "references lead to the rows; the import's line still says running",
  'import.before-commit': "the import's line says imported; the transaction is open",
  'import.committed': 'all is committed; nobody was told',
  'import.failing': "the transaction is rolled back; the import's line still says running",
  'folder.swept': 'the lines of killed imports are ended; no file is looked at',
  'folder.file': 'one more file of a folder has its line; the next has not begun',
  'edit.before-commit': 'an edit by hand is written; its transaction is open',
  'edit.committed': 'an edit is committed; its answer was not sent',
  'file.written': 'the bytes of a file are whole and have no name',
  'file.put': 'the bytes of a file are kept; no line says whose they are',
  'job.taken': 'a worker has the ticket of a job; its line still says queued',
  'job.begun': "a job's line says running; its work has not begun",
  'job.finished': 'the work of a job is done; its line still says running',
  'job.ended': "a job's line says how it ended; nobody was told",
  'schedule.before-commit': 'the jobs of a schedule that was due are asked for; the transaction is open',
  'schedule.fired': 'the jobs of a schedule that was due are committed; others may be due',
  'sync.begun': 'a run over a source has begun; nothing is listed',
  'sync.batch': 'one more batch of a listing is written, with the cursor that covers it',
  'sync.listed': 'the listing is complete; what it has not seen is not known to be missing',
  'sync.swept': 'what a listing has not seen is missing; nothing of it is read or deleted',
  'sync.renamed': 'what was renamed is known by its hash; nothing is read',
  'sync.reclaimed': 'what other rules make something else of waits to be read anew',
  'sync.fetched': "an item's bytes lie in the spool; nothing of them is written",
  'sync.documents': 'documents and the states of their items are written; the transaction is open',
  'sync.importing': "an import's rows and its item's state are written; the transaction is open",
  'sync.imported': 'the items of one group of imports are settled; their bytes lie in the spool',
  'sync.page': 'one more page of items is settled',
  'sync.guarded': 'what is missing may be deleted, or waits for a yes; nothing is deleted',
  'sync.deleted': 'one more batch of what is gone is deleted',
  'sync.finished': 'the source says how its run ended; its job still says running',
  'upkeep.task': 'one task of the upkeep is about to run',
  'backup.started': 'the server knows of the backup; no file is copied',
  'backup.copied': "the cluster's files are copied; the log that makes them one state is not",
  'backup.stopped': 'the server has ended the backup; its label and its log are not written',
  'backup.table': 'one more table is copied; the folder says that it is no backup yet',
  'backup.written': 'the backup is complete and has not got its name',
  'restore.table': 'one more table is loaded; the transaction is open',
  'restore.loaded': 'all rows are committed; later migrations are not applied',
} as const satisfies Readonly<Record<string, string>>;

export type CrashPoint = keyof typeof CRASH_POINTS;

/** Process-wide, as a kill is. */
let reached: ((name: CrashPoint) => void) | undefined;

/** Does nothing, unless {@link armCrashPoints} was told of this point. */
export function crashPoint(name: CrashPoint): void {
  if (reached !== undefined) reached(name);
}

export interface CrashSetting {
  /** Undefined: every point is told and none stops the process. */
  readonly at?: { readonly name: CrashPoint; readonly hit: number; readonly pause: boolean };
}

/**
 * CAIRN_CRASH: `NAME:HIT` kills the process at the HIT-th time that it comes by (1 first), `NAME:HIT:pause` stops it there
 * (SIGSTOP) until it gets SIGCONT, `trace` only writes a line at every point.
 */
export function readCrashSetting(text: string | undefined, faults: string[]): CrashSetting | undefined {
  if (text === undefined) return undefined;
  if (text === 'trace') return {};
  const [, given, hit, pause] = /^([\w.-]+):([1-9]\d{0,6})(:pause)?$/.exec(text) ?? [];
  const name = crashPointNames().find((known) => known === given);
  if (name !== undefined) return { at: { name, hit: Number(hit), pause: pause !== undefined } };
  faults.push('CAIRN_CRASH must read NAME:HIT, NAME:HIT:pause or trace, with a name that `cairn crash-points` lists');
  return undefined;
}

export function crashPointNames(): CrashPoint[] {
  // Object.keys forgets the type of the keys.
  return Object.keys(CRASH_POINTS) as CrashPoint[];
}

/** From now on this process does at its crash points what `setting` says; undefined: nothing. */
export function armCrashPoints(setting: CrashSetting | undefined): void {
  const hits = new Map<CrashPoint, number>();
  reached =
    setting &&
    ((name) => {
      const hit = (hits.get(name) ?? 0) + 1;
      hits.set(name, hit);
      const { at } = setting;
      if (at === undefined) return tell(name, hit);
      if (name !== at.name || hit !== at.hit) return;
      if (at.pause) tell(name, hit);
      process.kill(process.pid, at.pause ? 'SIGSTOP' : 'SIGKILL');
    });
}

function tell(name: CrashPoint, hit: number): void {
  // Synchronous: the process may not live to send what is buffered.
  writeSync(2, `crash point ${name}:${hit}\n`);
}

/** What stopped and tracing processes have told on standard error, in order. */
export function crashPointLines(err: string): { readonly name: CrashPoint; readonly hit: number }[] {
  const names = crashPointNames();
  return [...err.matchAll(/^crash point ([\w.-]+):(\d+)$/gm)].flatMap(([, told, hit]) => {
    const name = names.find((known) => known === told);
    return name === undefined ? [] : [{ name, hit: Number(hit) }];
  });
}
