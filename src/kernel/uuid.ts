import { randomFillSync } from 'node:crypto';
import { hashBytes } from './hash.ts';

/** The 12 bits after the time hold a counter: this many ids fit into one millisecond before the time is borrowed from the next. */
const COUNTER_LIMIT = 0x1000;
/** Random bytes are asked for so many at once: asking costs as much as a kilobyte of them. */
const RANDOM_BYTES = 4_096;
/** Of a series the 14 bits after the variant count on. */
const PLACES_LOW = 0x4000;

/**
 * A source of UUIDs version 7 (RFC 9562) that sort in the order they were made, also within one millisecond and when
 * the system's clock steps back: then the last time is kept and a counter goes on.
 */
export function createUuids(now: () => number = Date.now): () => string {
  const bytes = Buffer.alloc(16);
  const random = Buffer.alloc(RANDOM_BYTES);
  let used = RANDOM_BYTES;
  let time = 0;
  let counter = 0;
  return () => {
    const current = now();
    if (current > time) {
      time = current;
      counter = 0;
    } else if (++counter === COUNTER_LIMIT) {
      time += 1;
      counter = 0;
    }
    if (used === RANDOM_BYTES) {
      randomFillSync(random);
      used = 0;
    }
    used += random.copy(bytes, 8, used, used + 8);
    bytes.writeUIntBE(time, 0, 6);
    bytes.writeUInt16BE(0x7000 | counter, 6);
    bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
    const hex = bytes.toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  };
}

/** The next UUID version 7 of this process. */
export const uuidv7: () => string = createUuids();

/**
 * The name of a new series of ids: one time, a counter and one random end, so that the many ids of one piece of work need
 * not be kept to be known again.
 */
export function newSeries(): string {
  return seriesOf(uuidv7());
}

/** The series that an id would be of, whether or not it is one's. */
export function seriesOf(uuid: string): string {
  return `${uuid.slice(0, 13)}-${uuid.slice(24)}`;
}

/** The id at this place of a series, from 0: UUIDs of version 7 that sort as their places do. @throws RangeError */
export function uuidOfSeries(series: string, place: number): string {
  const [high, middle] = [Math.floor(place / PLACES_LOW), place % PLACES_LOW];
  if (!Number.isInteger(place) || place < 0 || high >= COUNTER_LIMIT)
    throw new RangeError(`${place} is no place of a series`);
  const [time, end] = [series.slice(0, 13), series.slice(14)];
  return `${time}-${(0x7000 | high).toString(16)}-${(0x8000 | middle).toString(16)}-${end}`;
}

/** The id of what goes by a name under another id: always the same, of that one's time. Two names never share one. */
export function uuidOfName(uuid: string, name: string): string {
  const digest = hashBytes(`${uuid} ${name}`);
  const variant = (0x8 | (Number.parseInt(digest.charAt(3), 16) & 0x3)).toString(16);
  return `${uuid.slice(0, 13)}-7${digest.slice(0, 3)}-${variant}${digest.slice(4, 7)}-${digest.slice(7, 19)}`;
}
