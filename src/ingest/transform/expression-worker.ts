/**
 * The thread in which expressions run. A regular expression that never ends, or a text that doubles until there is no memory,
 * stops this thread and nothing else: whoever asked ends it, and knows by `place` which step of which record it was.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { JsonValue } from '../../kernel/json.ts';
import { compileExpressionStep, LimitError } from './expression.ts';
import { type CompiledStep, compileSteps, copyOf, NO_RECORD, type Transformed } from './run-steps.ts';
import type { NamedSteps } from './steps.ts';

export interface WorkerStart {
  readonly transformations: readonly NamedSteps[];
  /** How many records were begun, and the step that runs. */
  readonly place: Int32Array;
}

export interface Asked {
  readonly values: readonly JsonValue[];
}

const { transformations, place }: WorkerStart = workerData;
const steps = compileSteps(transformations, (step) => compileExpressionStep(step));

parentPort?.on('message', async ({ values }: Asked) => {
  const answers: Transformed[] = [];
  for (const value of values) answers.push(await transform(steps, value));
  parentPort?.postMessage(answers);
});

async function transform(steps: readonly CompiledStep[], value: JsonValue): Promise<Transformed> {
  Atomics.add(place, 0, 1);
  const record = copyOf(value);
  if (record === undefined) return { fault: NO_RECORD };
  for (const [index, { name, run }] of steps.entries()) {
    Atomics.store(place, 1, index);
    try {
      const result = await run(record);
      if (result === 'dropped') return { dropped: true };
      if (result !== undefined) return { fault: `${name}: ${result.fault}` };
    } catch (thrown) {
      if (thrown instanceof LimitError) return { limit: `${name} ${thrown.message}` };
      throw thrown;
    }
  }
  return { value: record };
}
