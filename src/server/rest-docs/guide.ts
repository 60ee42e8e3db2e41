/** What holds for every operation, said once. */
import { html, type Markup } from '../docs/html.ts';

export interface GuideSection {
  readonly id: string;
  readonly title: string;
  readonly body: Markup;
}

export const GUIDE: readonly GuideSection[] = [
  {
    id: 'asking',
    title: 'Asking',
    body: html`<p>A script sends <code>Authorization: Bearer TOKEN</code>. A signed-in browser may read as it is, and sends <code>x-cairn-csrf: 1</code> with every write.</p>
<pre>curl -H 'Authorization: Bearer TOKEN' 'http://localhost:4000/api/v1/researches?status=active&amp;sort=-created_date'</pre>
<p>Names are those of the tables' columns, times are ISO 8601 in UTC. A parameter or field that there is not is refused by its name.</p>`,
  },
  {
    id: 'lists',
    title: 'Lists',
    body: html`<p>A list comes in pages of <code>limit</code> rows, from <code>offset</code> or <code>cursor</code> on. The header <code>Link</code> leads to the next page, and <code>page.next_cursor</code> says the same: pages by cursor neither repeat nor skip a row, whatever is written meanwhile.</p>`,
  },
  {
    id: 'states',
    title: 'States and writes',
    body: html`<p>Answers carry an <code>ETag</code>. Sent back as <code>If-None-Match</code> it is answered by 304 while nothing has changed; as <code>If-Match</code> it refuses a write over another's with 412.</p>`,
  },
  {
    id: 'errors',
    title: 'Errors',
    body: html`<p>Whatever fails is answered as <code>application/problem+json</code>: <code>code</code> is one of GraphQL's, <code>faults</code> names each value that does not fit, <code>hint</code> says what to do next, and <code>requestId</code> leads to the log. With 429 and 503 the header <code>Retry-After</code> says when to try again.</p>`,
  },
];
