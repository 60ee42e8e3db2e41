/** Drive's query words and field masks, as far as the fake understands them; anything else fails the test. */

export interface QueriedFile {
  readonly name: string;
  readonly mimeType: string;
  readonly parents: readonly string[];
  readonly trashed: boolean;
  readonly sharedWithMe: boolean;
}

type Test = (file: QueriedFile) => boolean;

const TOKEN = /\s*('(?:[^'\\]|\\.)*'|!=|=|\(|\)|\w+)/y;

/** @throws for what it does not understand, as Drive answers 400 */
export function parseQuery(q: string): Test {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < q.trimEnd().length) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(q);
    if (found?.[1] === undefined) throw new Error(`Drive does not understand the query at ${at}: ${q}`);
    tokens.push(found[1]);
  }
  let place = 0;
  const take = (): string => tokens[place++] ?? '';
  const text = (token: string): string => token.slice(1, -1).replace(/\\(.)/g, '$1');

  const term = (): Test => {
    const first = take();
    if (first === '(') {
      const inner = either();
      if (take() !== ')') throw new Error(`A bracket is open: ${q}`);
      return inner;
    }
    const operator = take();
    const last = take();
    const value = text(last);
    const parent = text(first);
    if (operator === 'in' && last === 'parents') return (file) => file.parents.includes(parent);
    if (first === 'trashed' && operator === '=') return (file) => String(file.trashed) === last;
    if (first === 'sharedWithMe' && operator === '=') return (file) => String(file.sharedWithMe) === last;
    if (first === 'mimeType') return (file) => (file.mimeType === value) === (operator === '=');
    if (first === 'name' && operator === '=') return (file) => file.name === value;
    throw new Error(`Drive does not understand ${first} ${operator} ${last}`);
  };
  const both = (): Test => {
    const terms = [term()];
    while (tokens[place] === 'and') {
      place += 1;
      terms.push(term());
    }
    return (file) => terms.every((test) => test(file));
  };
  function either(): Test {
    const terms = [both()];
    while (tokens[place] === 'or') {
      place += 1;
      terms.push(both());
    }
    return (file) => terms.some((test) => test(file));
  }
  const whole = either();
  if (place < tokens.length) throw new Error(`Drive does not understand the end of: ${q}`);
  return whole;
}

/** What a mask such as `nextPageToken,files(id,name)` leaves of an answer: Drive sends nothing that was not asked for. */
export function masked(value: unknown, mask: string): unknown {
  if (Array.isArray(value)) return value.map((one) => masked(one, mask));
  if (typeof value !== 'object' || value === null || mask === '*') return value;
  const kept: Record<string, unknown> = {};
  for (const [name, inner] of maskParts(mask)) {
    const found: unknown = Reflect.get(value, name);
    if (found !== undefined) kept[name] = inner === undefined ? found : masked(found, inner);
  }
  return kept;
}

function maskParts(mask: string): [string, string | undefined][] {
  const parts: [string, string | undefined][] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at <= mask.length; at += 1) {
    const character = mask[at] ?? ',';
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character !== ',' || depth > 0) continue;
    const [, name = '', inner] = /^(\w+)(?:\((.*)\))?$/.exec(mask.slice(from, at)) ?? [];
    if (name === '') throw new Error(`Drive does not understand the mask ${mask}`);
    parts.push([name, inner]);
    from = at + 1;
  }
  return parts;
}
