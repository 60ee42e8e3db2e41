/** The process that asks: so many connections, each sends its next request when it has its answer. */
import { Agent } from 'node:http';
import { quantile } from '../figures.ts';
import { ask } from './ask.ts';
import { answerParent } from './child.ts';
import type { LoadFigures, LoadRequest } from './load.ts';

/** Requests of the start meet cold caches and connections still to be made: they are asked, and not counted. */
const WARM_MS = 500;

async function run({
  url,
  method = 'POST',
  headers,
  bodies,
  expected,
  connections,
  seconds,
}: LoadRequest): Promise<LoadFigures> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const target = new URL(url);
  const sent = bodies.map((body) => Buffer.from(body));
  const times: number[] = [];
  let bytes = 0;
  let errors = 0;
  let firstError: string | null = null;
  let turn = 0;
  const from = performance.now() + WARM_MS;
  const until = from + seconds * 1_000;
  const client = async (): Promise<void> => {
    for (;;) {
      const begun = performance.now();
      if (begun >= until) return;
      const at = turn % sent.length;
      turn += 1;
      const body = sent[at] ?? Buffer.alloc(0);
      const answer = await ask({ agent, url: target, method, headers, body }).catch((thrown: unknown) => {
        return { status: 0, bytes: 0, fault: String(thrown) };
      });
      const ended = performance.now();
      if (answer.status !== 200 || answer.bytes !== expected[at]) {
        errors += 1;
        firstError ??= `status ${answer.status}, ${answer.bytes} bytes of ${expected[at]} ${'fault' in answer ? answer.fault : ''}`;
      }
      if (begun < from) continue;
      times.push(ended - begun);
      bytes += answer.bytes;
    }
  };
  await Promise.all(Array.from({ length: connections }, client));
  const took = (performance.now() - from) / 1_000;
  agent.destroy();
  return {
    perSecond: times.length / took,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    bytesPerSecond: bytes / took,
    requests: times.length,
    errors,
    firstError,
  };
}

answerParent(run);
