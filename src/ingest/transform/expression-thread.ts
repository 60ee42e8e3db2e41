/** The thread of one transform's expressions: begun when it is first asked, ended when it is idle or does not come back. */
import { Worker } from 'node:worker_threads';
import { AppError } from '../../kernel/errors.ts';
import { emptyObject, isJsonObject, type JsonArray, type JsonValue } from '../../kernel/json.ts';
import type { Asked, WorkerStart } from './expression-worker.ts';
import type { Transformed } from './run-steps.ts';
import { EXPRESSION_LIMITS, type NamedSteps, stepName } from './steps.ts';

/** A step's own limit, and as long again for what no check interrupts. */
const STANDS_STILL_MS = EXPRESSION_LIMITS.timeMs * 2;
const LOOK_MS = 250;
/** The next file of a sync comes within that. */
const IDLE_MS = 5_000;
const MEMORY_MB = 256;

export interface ExpressionThread {
  /**
   * In the order of `values`. Calls wait for each other.
   * @throws AppError LIMIT_EXCEEDED that names the step
   */
  readonly ask: (values: readonly JsonValue[]) => Promise<readonly Transformed[]>;
}

interface Running {
  readonly worker: Worker;
  readonly place: Int32Array;
}

export function openExpressionThread(transformations: readonly NamedSteps[]): ExpressionThread {
  let running: Running | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let idle: NodeJS.Timeout | undefined;

  const start = (): Running => {
    const place = new Int32Array(new SharedArrayBuffer(8));
    const workerData: WorkerStart = { transformations, place };
    const worker = new Worker(new URL('./expression-worker.ts', import.meta.url), {
      workerData,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB, maxYoungGenerationSizeMb: 32 },
    });
    // It must not keep a process alive that has nothing else to do.
    worker.unref();
    // What a thread that is being ended still says is of no use, and unheard it would end the process.
    worker.on('error', () => undefined);
    return { worker, place };
  };
  const stop = (): void => {
    void running?.worker.terminate();
    running = undefined;
  };
  const exceeded = (place: Int32Array, words: string, cause?: unknown): AppError => {
    const names = transformations.flatMap(({ name, steps }) => steps.map((step, index) => stepName(name, index, step)));
    return limitError(`${names[Atomics.load(place, 1)] ?? 'an expression'} ${words}`, cause);
  };
  const askNow = (values: readonly JsonValue[]): Promise<readonly Transformed[]> => {
    clearTimeout(idle);
    running ??= start();
    const { worker, place } = running;
    const { promise, resolve, reject } = Promise.withResolvers<readonly Transformed[]>();
    let begun = -1;
    let since = Date.now();
    const looking = setInterval(() => {
      const now = Atomics.load(place, 0);
      if (now !== begun) [begun, since] = [now, Date.now()];
      else if (Date.now() - since > STANDS_STILL_MS)
        reject(exceeded(place, `takes more than ${EXPRESSION_LIMITS.timeMs} ms for one record`));
    }, LOOK_MS);
    const failed = (cause: unknown): void => {
      const isMemory = cause instanceof Error && 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY';
      reject(isMemory ? exceeded(place, `needs more than ${MEMORY_MB} MB`, cause) : cause);
    };
    const gone = (): void => failed(new Error('The thread of expressions ended before it answered'));
    worker.once('message', resolve).once('error', failed).once('exit', gone);
    worker.ref();
    worker.postMessage({ values } satisfies Asked);
    return promise
      .then((answers) => answers.map((answer) => ('value' in answer ? { value: dataOf(answer.value) } : answer)))
      .catch((thrown: unknown) => {
        stop();
        throw thrown;
      })
      .finally(() => {
        clearInterval(looking);
        worker.off('message', resolve).off('error', failed).off('exit', gone);
        worker.unref();
        idle = setTimeout(stop, IDLE_MS);
        idle.unref();
      });
  };
  return {
    ask: (values) => {
      const answer = last.then(() => askNow(values));
      last = answer.catch(() => undefined);
      return answer;
    },
  };
}

/** What comes from another thread has prototypes again, by which a name that nobody gave would be found. */
function dataOf(value: JsonValue): JsonValue {
  if (isJsonArray(value)) return value.map(dataOf);
  if (!isJsonObject(value)) return value;
  const data = emptyObject();
  for (const [name, inner] of Object.entries(value)) data[name] = dataOf(inner);
  return data;
}

const isJsonArray = (value: JsonValue): value is JsonArray => Array.isArray(value);

export function limitError(words: string, cause?: unknown): AppError {
  return new AppError('LIMIT_EXCEEDED', `A transformation was stopped: ${words}`, {
    cause,
    hint: 'Correct the step, or take it out; nothing of the file was taken in.',
  });
}
