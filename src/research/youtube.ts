/** YouTube ids and addresses: whatever form a file gives, one id and one canonical address come out. */

/** Exactly eleven of the URL-safe alphabet. */
const ID = /^[A-Za-z0-9_-]{11}$/;

/** Hosts and path prefixes that stand before an id; `v=` may be anywhere in the query. */
const ADDRESS =
  /(?:youtu\.be\/|youtube(?:-nocookie)?\.com\/(?:(?:embed|shorts|live|v|e)\/|(?:watch|attribution_link)?\/?\?(?:[^\s#)\]>"]*?[?&])?v=))([A-Za-z0-9_-]{11})(?![A-Za-z0-9_-])/i;

/** Characters of a text that are searched: an address is far shorter, and a field may be as long as its file. */
const SEARCHED = 4000;

/** A key of ours that happens to have eleven characters: `Video_00024` is no YouTube id. */
const OUR_KEY = /^(?:video|vq)[_-]/i;

/** The id in an address of any form (short, embedded, with a share mark, inside a Markdown link), or null. */
export function youtubeIdInAddress(text: string): string | null {
  return ADDRESS.exec(text.slice(0, SEARCHED))?.[1] ?? null;
}

/** The id that `text` is, as a queue writes it in its Video_ID column, or null. */
export function youtubeIdItself(text: string): string | null {
  const id = text.trim();
  return ID.test(id) && !OUR_KEY.test(id) ? id : null;
}

/** `https://www.youtube.com/watch?v=ID` */
export function youtubeAddress(id: string): string {
  return `https://www.youtube.com/watch?v=${id}`;
}
