/**
 * Turns at the database: whoever asks much waits for its own, not everyone for it. One actor's slow questions would else
 * hold every connection, and a sign-in or a page of ten rows would wait behind hundreds of them.
 */
import { AppError } from '../kernel/errors.ts';

export interface TurnLimits {
  /** Turns at once, of all actors together. */
  readonly places: number;
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
}

export interface Turns {
  /**
   * Runs `work` when its actor's turn comes; the longest waiting of an actor comes first, and an actor with fewer turns
   * before one with more.
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
  held: number;
  /** Which turn of all was its last; 0 for none. */
  last: number;
  /** Of what waits. */
  bytes: number;
  readonly waiting: Set<Waiting>;
}

const tooMany = (message: string): AppError =>
  new AppError('RATE_LIMITED', message, { hint: 'Ask less at once; try again in a moment.' });

export function createTurns(limits: TurnLimits): Turns {
  const actors = new Map<string, Asking>();
  let free = limits.places;
  let turn = 0;
  const askingOf = (actor: string): Asking => {
    const asking = actors.get(actor) ?? { held: 0, last: 0, bytes: 0, waiting: new Set() };
    actors.set(actor, asking);
    return asking;
  };
  // More than one only while half of all stay free: however many ask for everything, and however long it takes, there are
  // places for those who have none.
  const spare = limits.places / 2;
  const mayHoldOneMore = ({ held }: Asking): boolean => free > 0 && (held === 0 || free - 1 >= spare);
  const take = (asking: Asking): void => {
    free -= 1;
    turn += 1;
    asking.held += 1;
    asking.last = turn;
  };
  const serve = (): void => {
    for (let next = nextOf(actors, mayHoldOneMore); next !== undefined; next = nextOf(actors, mayHoldOneMore)) {
      const [first] = next.waiting;
      if (first === undefined) return;
      stopWaiting(next, first);
      take(next);
      first.begin();
    }
  };
  const giveBack = (actor: string, asking: Asking): void => {
    free += 1;
    asking.held -= 1;
    forget(actor, asking);
    serve();
  };
  const forget = (actor: string, asking: Asking): void => {
    if (asking.held === 0 && asking.waiting.size === 0) actors.delete(actor);
  };
  const wait = async (actor: string, asking: Asking, { size, left }: TurnRequest): Promise<void> => {
    if (asking.waiting.size >= limits.waiting)
      throw tooMany(`No more than ${limits.waiting} requests may wait at once`);
    if (asking.bytes > 0 && asking.bytes + size > limits.waitingBytes) {
      throw tooMany(`Requests of more than ${limits.waitingBytes} bytes may not wait at once`);
    }
    const turn = Promise.withResolvers<void>();
    const one: Waiting = { size, begin: turn.resolve };
    asking.waiting.add(one);
    asking.bytes += size;
    const giveUp = (error: AppError): void => {
      stopWaiting(asking, one);
      forget(actor, asking);
      turn.reject(error);
    };
    const leave = (): void => giveUp(new AppError('INTERRUPTED', 'Nobody waits for the answer'));
    const late = setTimeout(
      () => giveUp(tooMany('Too much was asked at once to come to this in time')),
      limits.patience,
    );
    left.addEventListener('abort', leave, { once: true });
    try {
      await turn.promise;
    } finally {
      clearTimeout(late);
      left.removeEventListener('abort', leave);
    }
  };
  return {
    run: async (request, work) => {
      const { actor, left } = request;
      if (left.aborted) throw new AppError('INTERRUPTED', 'Nobody waits for the answer');
      const asking = askingOf(actor);
      // Who waits already comes first.
      if (asking.waiting.size === 0 && mayHoldOneMore(asking)) take(asking);
      else await wait(actor, asking, request);
      try {
        return await work();
      } finally {
        giveBack(actor, asking);
      }
    },
  };
}

function stopWaiting(asking: Asking, one: Waiting): void {
  if (asking.waiting.delete(one)) asking.bytes -= one.size;
}

/** Of those who wait and may: the one with the fewest turns, and among equals the one served longest ago. */
function nextOf(actors: Map<string, Asking>, may: (asking: Asking) => boolean): Asking | undefined {
  let next: Asking | undefined;
  for (const asking of actors.values()) {
    if (asking.waiting.size === 0 || !may(asking)) continue;
    if (next === undefined || asking.held < next.held || (asking.held === next.held && asking.last < next.last)) {
      next = asking;
    }
  }
  return next;
}
