/** Reading ahead: while the small files of one group are written down, those of the next are read, hashed and checked. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { tryAgain } from '../database/try-again.ts';
import { crashPoint } from '../kernel/crash-point.ts';
import { uuidv7 } from '../kernel/uuid.ts';
import type { ImportRequest, Ingest } from './import-file.ts';
import { inspectSmall } from './inspect-small.ts';
import { type Candidate, unchangedAmong } from './journal-many.ts';
import type { Match } from './match.ts';
import { openSmallHouse, readSmall, type SmallFile, type SmallHouse } from './small-file.ts';
import { ruledBy } from './transform/transform.ts';

export interface GroupMember {
  readonly request: ImportRequest;
  readonly match: Match;
}

type Read<Member> = Candidate & { readonly member: Member; readonly request: ImportRequest };

/** Files in their order, read where they are small: one that is not stands alone. */
export interface ReadGroup<Member extends GroupMember = GroupMember> {
  readonly members: readonly Member[];
  readonly unchanged: readonly Read<Member>[];
  readonly changed: readonly (SmallFile & Read<Member>)[];
}

/** The locks of a group are held until its last file is in: a second at most, so that files which hold more come fewer at once. */
const MOST_FILES = 400;
const GROUP_BYTES = 1024 * 1024;
/** Files looked into at once; a group of those that hold more has no others. */
const FEWEST_FILES = 100;
/** Files checked in one turn of the event loop: the group that is being written, and a server's clients, wait no longer. */
const FILES_A_TURN = 5;

/** Cuts the members into groups, in order. @throws AppError DATABASE_UNREACHABLE */
export async function* readAhead<Member extends GroupMember>(
  ingest: Ingest,
  members: readonly Member[],
): AsyncGenerator<ReadGroup<Member>> {
  const house = openSmallHouse();
  const read = (from: number, most: number): Promise<readonly ReadGroup<Member>[]> => {
    const reading = readGroups(ingest, members.slice(from, from + most), house);
    // Whoever asks for these groups hears of it.
    reading.catch(() => undefined);
    return reading;
  };
  // The first are few: nothing is written until they are read.
  let next = read(0, FEWEST_FILES);
  for (let from = 0; from < members.length; ) {
    const groups = await next;
    from += groups.reduce((count, group) => count + group.members.length, 0);
    next = read(from, MOST_FILES);
    yield* groups;
  }
}

/** The groups of the first of those that are listed: of as many as are worth a transaction. */
async function readGroups<Member extends GroupMember>(
  ingest: Ingest,
  listed: readonly Member[],
  house: SmallHouse,
): Promise<ReadGroup<Member>[]> {
  const inspected = await inspectFirst(listed);
  const members = listed.slice(0, inspected.length);
  const found = inspected.filter((one) => one !== undefined);
  if (found.length === 0) return members.map((member) => ({ members: [member], unchanged: [], changed: [] }));
  for (const _ of found) crashPoint('import.hashed');
  const same = await tryAgain(ingest.log, { files: found.length }, () => unchangedAmong(ingest.database.write, found));
  const known = new Set(found.filter((_, index) => same.has(index)));
  const groups: { members: Member[]; unchanged: Read<Member>[]; changed: (SmallFile & Read<Member>)[] }[] = [];
  let open = false;
  for (const [index, member] of members.entries()) {
    const one = inspected[index];
    if (one === undefined || !open) groups.push({ members: [], unchanged: [], changed: [] });
    open = one !== undefined;
    const group = groups.at(-1);
    group?.members.push(member);
    if (one === undefined) continue;
    if (index % FILES_A_TURN === 0) await nextTurn();
    if (known.has(one)) group?.unchanged.push(one);
    else group?.changed.push({ ...one, ...(await readSmall(ingest.database.write, ingest, one, house)) });
  }
  return groups;
}

/** Of those that are not small, undefined. What they hold is known only now: what those before them held tells nothing of it. */
async function inspectFirst<Member extends GroupMember>(
  listed: readonly Member[],
): Promise<(Read<Member> | undefined)[]> {
  const inspected: (Read<Member> | undefined)[] = [];
  for (let [bytes, last] = [0, 0]; inspected.length < listed.length && bytes + last <= GROUP_BYTES; bytes += last) {
    const next = listed.slice(inspected.length, inspected.length + FEWEST_FILES);
    // One file alone is read by whoever takes it in.
    const some = await Promise.all(next.map((member) => (listed.length === 1 ? undefined : inspect(member))));
    inspected.push(...some);
    last = some.reduce((sum, one) => sum + (one?.file.size ?? 0), 0);
  }
  return inspected;
}

async function inspect<Member extends GroupMember>(member: Member): Promise<Read<Member> | undefined> {
  const { request, match } = member;
  // A plan is made of each file alone.
  if (request.dryRun === true) return undefined;
  // Before anything is waited for: rows are written in the order of the ids, which must be the files'.
  const { importId = uuidv7(), path } = request;
  const file = await inspectSmall(request.file, path, request.modifiedAt);
  return file && { member, request, match: ruledBy(match, request.transform), file, importId, path };
}
