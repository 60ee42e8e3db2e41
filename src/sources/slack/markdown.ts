/** Slack's own markup as Markdown. */

/** Code stays as it is: what stands in it is no markup. */
const CODE = /(```[\s\S]*?```|`[^`\n]+`)/;
const LINK = /<([^<>|]+)(?:\|([^<>]*))?>/g;

/** `names`: of users, by id; who is not in it stays an id. */
export function slackMarkdown(text: string, names: ReadonlyMap<string, string>): string {
  return text
    .split(CODE)
    .map((part, index) => plain(index % 2 === 1 ? part : words(part, names)))
    .join('');
}

function words(text: string, names: ReadonlyMap<string, string>): string {
  // Marks of bold and struck text stand at the edges of words; between letters they are letters.
  return text
    .replace(/(^|[\s(])\*(\S(?:[^*\n]*\S)?)\*(?=$|[\s).,;:!?])/gm, '$1**$2**')
    .replace(/(^|[\s(])~(\S(?:[^~\n]*\S)?)~(?=$|[\s).,;:!?])/gm, '$1~~$2~~')
    .replace(/^&gt; ?/gm, '> ')
    .replace(LINK, (_, target: string, label: string | undefined) => link(target, label, names));
}

function link(target: string, label: string | undefined, names: ReadonlyMap<string, string>): string {
  if (target.startsWith('@')) return `@${names.get(target.slice(1)) ?? label ?? target.slice(1)}`;
  if (target.startsWith('#')) return `#${label === undefined || label === '' ? target.slice(1) : label}`;
  if (target.startsWith('!')) return label ?? `@${target.slice(1).split('^')[0]}`;
  return label === undefined || label === target ? target : `[${label}](${target})`;
}

/** The only three characters that Slack escapes. */
function plain(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
