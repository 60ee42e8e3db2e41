/** Markup read by its brackets alone, once from start to end, whatever it is: no page makes this slow. */

interface Tag {
  /** Lower case; empty of comments and declarations. */
  readonly name: string;
  readonly isClosing: boolean;
  /** The text before it begins at `from` and ends at `at`; the tag ends before `end`. */
  readonly from: number;
  readonly at: number;
  readonly end: number;
}

/** Those that end by themselves: void ones, and those that the next of their kind closes. */
const UNCOUNTED = new Set(
  'area base br col embed hr img input link meta source track wbr p li dt dd td th tr thead tbody tfoot option'.split(
    ' ',
  ),
);
const WORDLESS = new Set(['script', 'style', 'noscript', 'title', 'iframe', 'object', 'template']);

/** How deep elements lie in each other, at most. */
export function depthOf(html: string): number {
  let depth = 0;
  let deepest = 0;
  for (const { name, isClosing } of tagsOf(html)) {
    if (name === '' || UNCOUNTED.has(name)) continue;
    depth = isClosing ? Math.max(0, depth - 1) : depth + 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** The words, a blank for each tag. */
export function plainWords(html: string): string {
  const words: string[] = [];
  let hidden: string | undefined;
  let end = 0;
  for (const tag of tagsOf(html)) {
    if (hidden === undefined) words.push(html.slice(tag.from, tag.at));
    if (hidden === undefined && !tag.isClosing && WORDLESS.has(tag.name)) hidden = tag.name;
    else if (hidden === tag.name && tag.isClosing) hidden = undefined;
    end = tag.end;
  }
  if (hidden === undefined) words.push(html.slice(end));
  return words.join(' ').replace(/\s+/g, ' ').trim();
}

function* tagsOf(html: string): Generator<Tag> {
  let from = 0;
  for (let at = html.indexOf('<'); at !== -1; at = html.indexOf('<', at)) {
    if (!/[a-z/!?]/i.test(html[at + 1] ?? '')) {
      at += 1;
      continue;
    }
    const close = html.indexOf(html.startsWith('<!--', at) ? '-->' : '>', at);
    if (close === -1) return;
    const end = html[close] === '>' ? close + 1 : close + 3;
    const [, slash = '', name = ''] = /^<(\/?)([a-z][\w-]*)/i.exec(html.slice(at, Math.min(end, at + 40))) ?? [];
    yield { name: name.toLowerCase(), isClosing: slash === '/', from, at, end };
    from = end;
    at = end;
  }
}
