/** The process of honest users. What is not answered whole and right is an error. */
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, ask } from '../clients/ask.ts';
import { answerParent } from '../clients/child.ts';
import { busyProcessors } from '../clients/processors.ts';
import { quantile } from '../figures.ts';
import { createRandom } from '../random.ts';
import { type Question, type Questions, readQuestions } from './questions.ts';
import { holdStream } from './stream.ts';
import { MOST_TOLD, type SlowQuestion, type UsersFigures, type UsersRequest } from './users.ts';

/** The mark of a GraphQL answer that is not whole. */
const ERRORS = '"errors":[{';

const headersOf = (token: string) => ({ authorization: `Bearer ${token}`, 'content-type': 'application/json' });

function faultOf({ status, body }: Answer): string | undefined {
  // In the first piece or the last: errors stand before the data or after it.
  const isMarked = [body.at(0), body.at(-1)].some((piece) => piece?.includes(ERRORS));
  if (status === 200 && !isMarked) return undefined;
  return `status ${status} ${Buffer.concat(body).toString('utf8').slice(-400)}`;
}

async function run(asked: UsersRequest): Promise<UsersFigures> {
  const { url, tokens, seconds, connections, pace } = asked;
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const next = await readQuestions(asked.size, createRandom(asked.seed));
  const times: number[] = [];
  const timesOf = new Map<string, number[]>();
  const faults: string[] = [];
  let errors = 0;
  const fail = (what: string): void => {
    errors += 1;
    if (faults.length < MOST_TOLD) faults.push(what);
  };
  const send = async ({ name, method, path, body }: Question, token: string, from: number): Promise<void> => {
    const target = new URL(path, url);
    try {
      const answer = await ask({ agent, url: target, method, headers: headersOf(token), body: Buffer.from(body) });
      const fault = faultOf(answer);
      if (fault !== undefined) fail(`${name}: ${fault}`);
    } catch (thrown) {
      fail(`${name}: ${thrown}`);
    }
    const took = performance.now() - from;
    times.push(took);
    timesOf.set(name, [...(timesOf.get(name) ?? []), took]);
  };
  const streams = Array.from({ length: asked.streams }, (_, at) => {
    // Of a list that a dashboard shows: all videos are more than anybody may watch.
    const watched = at % 2 === 0 ? 'videosChanged(where: { status: { equals: FAILED } })' : 'channelsChanged';
    const subscription = `subscription { ${watched} { kind count } }`;
    return holdStream(url, headersOf(tokenAt(tokens, at)), subscription, (fault) => fail(`subscription: ${fault}`));
  });
  const busy = busyProcessors();
  const began = performance.now();
  const until = began + seconds * 1_000;
  if (pace === undefined) await inTurns(connections, tokens, until, next, send);
  else await atPace(pace, tokens, until, next, send);
  const took = (performance.now() - began) / 1_000;
  const events = streams.map((stream) => stream.leave()).reduce((sum, count) => sum + count, 0);
  agent.destroy();
  return {
    requests: times.length,
    perSecond: times.length / took,
    p50: quantile(times, 0.5),
    p95: quantile(times, 0.95),
    p99: quantile(times, 0.99),
    slowest: Math.max(0, ...times),
    slow: slowestOf(timesOf),
    errors,
    processors: busy(),
    told: faults,
    streams: streams.length,
    events,
  };
}

function slowestOf(timesOf: ReadonlyMap<string, readonly number[]>): SlowQuestion[] {
  const all = [...timesOf].map(([name, own]) => ({ name, requests: own.length, p50: quantile(own, 0.5) }));
  return all.sort((a, b) => b.p50 - a.p50).slice(0, MOST_TOLD);
}

const tokenAt = (tokens: readonly string[], at: number): string => tokens[at % tokens.length] ?? '';

type Send = (question: Question, token: string, from: number) => Promise<void>;

async function inTurns(count: number, tokens: readonly string[], until: number, next: Questions, send: Send) {
  const connection = async (at: number): Promise<void> => {
    while (performance.now() < until) await send(next(), tokenAt(tokens, at), performance.now());
  };
  await Promise.all(Array.from({ length: count }, (_, at) => connection(at)));
}

/** Whoever waits for the answer before, asks late: a time counts from when the question was due. */
async function atPace(pace: number, tokens: readonly string[], until: number, next: Questions, send: Send) {
  const asked: Promise<void>[] = [];
  for (let due = performance.now(), at = 0; due < until; due += 1_000 / pace, at += 1) {
    await sleep(Math.max(0, due - performance.now()));
    asked.push(send(next(), tokenAt(tokens, at), due));
  }
  await Promise.all(asked);
}

answerParent(run);
