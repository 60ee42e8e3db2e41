/**
 * Turns at the database: whoever asks much waits for its own, not everyone for it. One actor's slow questions would else
 * hold every connection, and a sign-in or a page of ten rows would wait behind hundreds of them.
 */
import { AppError } from '../kernel/errors.ts';
import { createUsage, type Usage } from './usage.ts';

export interface TurnLimits {
  /** Turns at once, of all actors together. */
  readonly places: number;
  /** Of these, what actors may hold together who used far more than most of those who are about. */
  readonly heavyPlaces: number;
  /** For how many times as long as it took none of those begins after a turn of theirs. */
  readonly heavyRest: number;
  /** Milliseconds after which a turn of theirs may be cut short for another's sake; 0 for never. */
  readonly heavyTurn: number;
  /** Of one actor: who would be one more is refused. */
  readonly waiting: number;
  /** Bytes of the requests of one actor that wait; the first may have any size. */
  readonly waitingBytes: number;
  /** Milliseconds after which who waits is refused. */
  readonly patience: number;
}

export interface TurnRequest {
  readonly actor: string;
  /** Bytes that wait with it. */
  readonly size: number;
  /** Aborted when nobody waits for it any more. */
  readonly left: AbortSignal;
  /** Ends the work in its turn, where that can be done; it is called once at most. */
  readonly cut?: () => void;
}

export interface Turns {
  /**
   * Runs `work` when its actor's turn comes; the longest waiting of an actor comes first, and an actor who used less before
   * one who used more.
   * @throws AppError RATE_LIMITED for one more than may wait, or when it has waited too long; INTERRUPTED when its client
   * left; whatever `work` throws
   */
  readonly run: <T>(request: TurnRequest, work: () => Promise<T> | T) => Promise<T>;
}

interface Waiting {
  readonly size: number;
  readonly begin: () => void;
}

interface Asking {
  readonly actor: string;
  readonly held: Set<Held>;
  /** Which turn of all was its last; 0 for none. */
  last: number;
  /** Of what waits. */
  bytes: number;
  readonly waiting: Set<Waiting>;
}

interface Held {
  readonly began: number;
  readonly ended: () => void;
  cut: (() => void) | undefined;
}

/** Milliseconds between two looks at turns that may be cut short. */
const LOOK = 250;
/** Milliseconds: a rest is no longer, whatever came before it. */
const LONGEST_REST = 1_000;

const tooMany = (message: string): AppError =>
  new AppError('RATE_LIMITED', message, { hint: 'Ask less at once; try again in a moment.' });

/** Several kinds of turns may share one `usage`. */
export function createTurns(limits: TurnLimits, usage: Usage = createUsage()): Turns {
  const actors = new Map<string, Asking>();
  let free = limits.places;
  let turn = 0;
  let restsUntil = 0;
  let looksLater = false;
  const askingOf = (actor: string): Asking => {
    const asking = actors.get(actor) ?? { actor, held: new Set(), last: 0, bytes: 0, waiting: new Set() };
    actors.set(actor, asking);
    return asking;
  };
  // More than one only while half of all stay free: however many ask for everything, and however long it takes, there are
  // places for those who have none.
  const spare = limits.places / 2;
  const mayHoldOneMore = ({ actor, held }: Asking): boolean => {
    if (free === 0 || (held.size > 0 && free - 1 < spare)) return false;
    return !usage.isHeavy(actor) || (heavyTurns().length < limits.heavyPlaces && performance.now() >= restsUntil);
  };
  const heavyTurns = (): Held[] => [...actors.values()].filter(isHeavyHolder).flatMap(({ held }) => [...held]);
  const isHeavyHolder = ({ actor, held }: Asking): boolean => held.size > 0 && usage.isHeavy(actor);
  const take = (asking: Asking, cut: TurnRequest['cut']): Held => {
    free -= 1;
    turn += 1;
    const held = { began: performance.now(), ended: usage.begin(asking.actor), cut };
    asking.held.add(held);
    asking.last = turn;
    if (limits.heavyTurn > 0 || limits.heavyRest > 0) lookLater();
    return held;
  };
  const serve = (): void => {
    for (let next = nextOf(actors, mayHoldOneMore, usage); next; next = nextOf(actors, mayHoldOneMore, usage)) {
      const [first] = next.waiting;
      if (first === undefined) return;
      stopWaiting(next, first);
      first.begin();
    }
  };
  /** Of turns that took long, those beyond what their actors may hold together are ended, the latest first. */
  const cutShort = (): void => {
    if (limits.heavyTurn === 0) return;
    const beyond = heavyTurns()
      .toSorted((a, b) => a.began - b.began)
      .slice(limits.heavyPlaces);
    for (const held of beyond) {
      if (performance.now() - held.began < limits.heavyTurn) continue;
      held.cut?.();
      held.cut = undefined;
    }
  };
  const lookLater = (): void => {
    if (looksLater) return;
    looksLater = true;
    setTimeout(() => {
      looksLater = false;
      cutShort();
      serve();
      if (actors.size > 0) lookLater();
    }, LOOK).unref();
  };
  const giveBack = (asking: Asking, held: Held): void => {
    if (limits.heavyRest > 0 && usage.isHeavy(asking.actor)) {
      const now = performance.now();
      restsUntil = now + Math.min((now - held.began) * limits.heavyRest, LONGEST_REST);
    }
    free += 1;
    held.ended();
    asking.held.delete(held);
    forget(asking);
    serve();
  };
  const forget = (asking: Asking): void => {
    if (asking.held.size === 0 && asking.waiting.size === 0) actors.delete(asking.actor);
  };
  const wait = async (asking: Asking, { size, left, cut }: TurnRequest): Promise<Held> => {
    if (asking.waiting.size >= limits.waiting)
      throw tooMany(`No more than ${limits.waiting} requests may wait at once`);
    if (asking.bytes > 0 && asking.bytes + size > limits.waitingBytes) {
      throw tooMany(`Requests of more than ${limits.waitingBytes} bytes may not wait at once`);
    }
    const turn = Promise.withResolvers<Held>();
    const one: Waiting = { size, begin: () => turn.resolve(take(asking, cut)) };
    asking.waiting.add(one);
    asking.bytes += size;
    // Who rests while nobody holds a turn is served by nobody's end, nor is who is forgiven while a turn lasts for hours.
    lookLater();
    const giveUp = (error: AppError): void => {
      stopWaiting(asking, one);
      forget(asking);
      turn.reject(error);
    };
    const leave = (): void => giveUp(new AppError('INTERRUPTED', 'Nobody waits for the answer'));
    const late = setTimeout(
      () => giveUp(tooMany('Too much was asked at once to come to this in time')),
      limits.patience,
    );
    left.addEventListener('abort', leave, { once: true });
    try {
      return await turn.promise;
    } finally {
      clearTimeout(late);
      left.removeEventListener('abort', leave);
    }
  };
  return {
    run: async (request, work) => {
      const { actor, left, cut } = request;
      if (left.aborted) throw new AppError('INTERRUPTED', 'Nobody waits for the answer');
      const asking = askingOf(actor);
      // Who waits already comes first.
      const isNext = asking.waiting.size === 0 && mayHoldOneMore(asking);
      const held = isNext ? take(asking, cut) : await wait(asking, request);
      try {
        return await work();
      } finally {
        giveBack(asking, held);
      }
    },
  };
}

function stopWaiting(asking: Asking, one: Waiting): void {
  if (asking.waiting.delete(one)) asking.bytes -= one.size;
}

/** Of those who wait and may: who used least, then who has the fewest turns, and among equals the one served longest ago. */
function nextOf(actors: Map<string, Asking>, may: (asking: Asking) => boolean, usage: Usage): Asking | undefined {
  let next: Asking | undefined;
  for (const asking of actors.values()) {
    if (asking.waiting.size === 0 || (next !== undefined && !comesBefore(asking, next, usage)) || !may(asking))
      continue;
    next = asking;
  }
  return next;
}

function comesBefore(one: Asking, other: Asking, usage: Usage): boolean {
  const rank = usage.rank(one.actor) - usage.rank(other.actor);
  const held = one.held.size - other.held.size;
  return rank < 0 || (rank === 0 && (held < 0 || (held === 0 && one.last < other.last)));
}
