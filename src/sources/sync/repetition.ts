/** Whether a listing goes round in circles: told of every item and every checkpoint, in memory that does not grow with them. */
import { ConnectorError } from '../connector.ts';

export interface Repetition {
  /** @throws ConnectorError transient once nothing new has been told for far too long */
  readonly told: (id: string) => void;
  /** @throws ConnectorError transient when it comes for the third time */
  readonly checkpoint: (cursor: string) => void;
}

const BITS = 1 << 22;
/** A page told twice, or an item that changed while it was listed, is no circle. */
const PATIENCE = 10_000;
/** How often all that is known may be told again before something new must come. */
const ROUNDS = 3;
const SAME_CURSOR = 3;

export function watchRepetition(): Repetition {
  const known = new Uint32Array(BITS / 32);
  let distinct = 0;
  let sinceNew = 0;
  let last = '';
  let times = 0;
  const isKnown = (hash: number): boolean => {
    const at = (hash >>> 0) % BITS;
    const word = at >>> 5;
    const bit = 1 << (at & 31);
    const before = known[word] ?? 0;
    known[word] = before | bit;
    return (before & bit) !== 0;
  };
  return {
    told(id) {
      const [one, other] = hashes(id);
      const first = isKnown(one);
      const second = isKnown(other);
      if (!first || !second) {
        distinct += 1;
        sinceNew = 0;
        return;
      }
      sinceNew += 1;
      if (sinceNew > PATIENCE + ROUNDS * distinct) throw endless();
    },
    checkpoint(cursor) {
      times = cursor === last ? times + 1 : 1;
      last = cursor;
      if (times >= SAME_CURSOR) throw endless();
    },
  };
}

const endless = (): ConnectorError =>
  new ConnectorError('transient', 'The listing goes round in circles', {
    hint: 'It was ended: it would go on for ever. Nothing is taken as gone.',
  });

/** FNV-1a from two beginnings. */
function hashes(text: string): readonly [number, number] {
  let one = 0x811c9dc5;
  let other = 0x1b873593;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    one = Math.imul(one ^ code, 0x01000193);
    other = Math.imul(other ^ code, 0x01000193);
  }
  return [one ^ (one >>> 15), other ^ (other >>> 13)];
}
