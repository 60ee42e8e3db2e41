/**
 * Documents are read one after the other; whose is next is chosen among those that were heard. Before that, what came meanwhile is
 * heard, or others' would stand behind all of one actor's. A round of the event loop takes long among many requests, so brief
 * documents share one: with a round for each, those who wait would wait for as many.
 */
import { setImmediate as nextRound } from 'node:timers/promises';

/** Milliseconds of reading between two rounds. */
const ROUND = 5;

/** Of this process's one event loop. */
let heard = 0;

/** Called when one document is read. */
export async function hearOthers(): Promise<void> {
  if (performance.now() - heard < ROUND) return;
  await nextRound();
  heard = performance.now();
}
