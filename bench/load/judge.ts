/** Whether the server held under load. */
import type { Verdict } from '../result.ts';
import { inWords } from '../words.ts';
import type { AttackedFigures } from './attacked.ts';
import type { LeftOver } from './left-over.ts';
import type { MixedFigures } from './mixed.ts';
import type { Watched } from './watch.ts';

/** Megabytes that the heap may hold beyond what it held when all was warm: caches that are bounded are filled meanwhile. */
const HEAP_GROWTH = 24;
/** Megabytes that the process may take between the middle and the last third: V8 grows its spaces in steps. */
const MEMORY_GROWTH = 64;
/** Megabytes of the process while bodies of ten are thrown at it from everywhere. */
const MOST_MEMORY = 1_024;
/** What honest users may wait among hostile clients, against what they wait alone; so long they may wait all the same. */
const MOST_SLOWER = 10;
const SOON_MS = { p50: 1_000, p99: 5_000 };
/** The pools' bounds: ten for reading, fourteen for writing. */
const POOLS = { read: 10, write: 14 };

const verdict = (target: string, found: string, isMet: boolean): Verdict => ({ target, found, isMet });
const megabytes = (value: number): string => `${inWords(value)} MB`;

export function judgeMixed(figures: MixedFigures): Verdict[] {
  const { users, heldHeap, memory, imports, watched } = figures;
  const grown = heldHeap.end - heldHeap.warm;
  return [
    verdict('no error', `${users.errors} of ${users.requests}`, users.errors === 0),
    verdict('files imported meanwhile', `${imports.imports}, with ${inWords(imports.rows)} rows`, imports.imports > 0),
    verdict(`the heap grows by at most ${HEAP_GROWTH} MB after the warm-up`, megabytes(grown), grown <= HEAP_GROWTH),
    verdict(
      `the process grows by at most ${MEMORY_GROWTH} MB between the middle and the last third`,
      megabytes(memory.grown),
      memory.grown <= MEMORY_GROWTH,
    ),
    ...judgeDatabase(watched, figures.leftOver),
  ];
}

export function judgeAttacked(figures: AttackedFigures): Verdict[] {
  const { alone, among, hostile, heldHeap, memory, watched } = figures;
  const { attacks } = hostile;
  const grown = heldHeap.after - heldHeap.before;
  const wrong = attacks.filter((attack) => attack.wrong > 0).map(({ name }) => name);
  const untried = attacks.filter(({ tried }) => tried === 0).map(({ name }) => name);
  const waiting = (share: 'p50' | 'p99'): Verdict =>
    verdict(
      `their ${share} at most ${inWords(SOON_MS[share])} ms, or ${MOST_SLOWER} times what it is alone`,
      `${inWords(among[share])} ms, ${inWords(among[share] / alone[share])} times`,
      among[share] <= Math.max(MOST_SLOWER * alone[share], SOON_MS[share]),
    );
  return [
    verdict(
      'every class tried, and none answered as it must not be',
      [...wrong, ...untried].join(', ') || 'none',
      wrong.length + untried.length === 0,
    ),
    verdict('honest users answered, without an error', `${among.errors} of ${among.requests}`, among.errors === 0),
    waiting('p50'),
    waiting('p99'),
    verdict(`the process takes at most ${MOST_MEMORY} MB`, megabytes(memory.highest), memory.highest <= MOST_MEMORY),
    verdict(`the heap holds at most ${HEAP_GROWTH} MB more afterwards`, megabytes(grown), grown <= HEAP_GROWTH),
    verdict('the server always told its metrics', `${watched.unanswered} times not`, watched.unanswered === 0),
    ...judgeDatabase(watched, figures.leftOver),
  ];
}

function judgeDatabase({ most }: Watched, left: LeftOver): Verdict[] {
  const found = Object.entries(left).filter(([, count]) => count > 0);
  return [
    verdict(
      `at most ${POOLS.read} connections for reading and ${POOLS.write} for writing`,
      `${most.readPool} and ${most.writePool}`,
      most.readPool <= POOLS.read && most.writePool <= POOLS.write,
    ),
    verdict(
      'nothing left: transactions, statements, subscriptions, waiting sessions',
      found.map(([name, count]) => `${name} ${count}`).join(', ') || 'nothing',
      found.length === 0,
    ),
  ];
}
