/** What a reader must know before the types: written by hand, its numbers and lists taken from the code. */

import { MOST_COST } from '../../graphql/cost.ts';
import { ROLES, type Role } from '../../kernel/actor.ts';
import { CLIENT_CODES, type ClientCode } from '../../kernel/client-code.ts';
import { DOCUMENT_LIMITS, MOST_TOKENS } from '../document-limits.ts';
import { PARAMS_LIMITS } from '../graphql-params.ts';
import { SUBSCRIPTION_LIMITS } from '../subscription-limits.ts';
import { html, inline, type Markup, type Part } from './html.ts';

export interface GuideSection {
  readonly id: string;
  readonly title: string;
  readonly body: Markup;
}

const ERRORS: Record<ClientCode, string> = {
  BAD_USER_INPUT:
    'The document, a variable or a value cannot be used. `argument` names it; several faults come as several errors.',
  UNAUTHENTICATED: 'No token or session, or one that is over.',
  FORBIDDEN: 'The role or the scopes do not allow it; the field’s description names what it needs.',
  NOT_FOUND: 'Nothing has this key.',
  CONFLICT: 'The key is taken, other rows hold on to this one, or somebody changed the row since you read its version.',
  RATE_LIMITED: 'Too much in too short a time. Wait as long as `Retry-After` says.',
  LIMIT_EXCEEDED: 'One operation asks for more than one answer may hold. Ask for fewer rows, or in several requests.',
  INTERNAL: 'A fault of the server. `requestId` is what to look for in its log.',
};

const RIGHTS: Record<Role, string> = {
  viewer: 'reads rows, history, imports and rejects, and the metrics',
  importer: 'also imports files and records',
  editor: 'also creates, changes and deletes rows',
  admin: 'also manages users, tokens and sessions',
};

const number = (value: number): string => value.toLocaleString('en');

const table = (head: readonly [string, string], rows: readonly (readonly [Part, Part])[]): Markup =>
  html`<table><thead><tr><th>${head[0]}</th><th>${head[1]}</th></tr></thead><tbody>${rows.map(([name, text]) => html`<tr><td>${name}</td><td>${text}</td></tr>`)}</tbody></table>`;

const code = (text: string): Markup => html`<code>${text}</code>`;
const block = (text: string): Markup => html`<pre>${text}</pre>`;
const p = (text: string): Markup => html`<p>${inline(text)}</p>`;

export const GUIDE: readonly GuideSection[] = [
  {
    id: 'signing-in',
    title: 'Signing in',
    body: html`${p('A browser is signed in by a link, once. A script sends a token; a token has a role and, if it is limited, the contexts that it may see.')}
${block(`curl -s $URL/graphql -H "Authorization: Bearer $TOKEN" -H 'content-type: application/json' \\
  -d '{"query": "query Count { researches { totalCount } }"}'`)}`,
  },
  {
    id: 'lists',
    title: 'Lists and pages',
    body: html`${p('Every list takes `first` and `after`, or `last` and `before`, with at most 100 rows a page. A cursor is a place in the order that was asked for: it stays right while rows come and go. `totalCount` counts all rows of the list under its `where`, and costs nothing unless it is asked for.')}
${block(`query Page($after: String) {
  videos(first: 50, after: $after, orderBy: [{ createdDate: DESC }]) {
    totalCount
    nodes { videoId title }
    pageInfo { hasNextPage endCursor }
  }
}`)}`,
  },
  {
    id: 'filters',
    title: 'Filters and order',
    body: html`${p('`where` takes conditions by field; all of them must hold. `and`, `or` and `not` combine them otherwise. Text is compared without regard to case. A list of related rows is asked about with `some`, `none` and `every`; an order may follow a related row’s fields or count related rows. Rows without a value come last.')}
${block(`query Waiting {
  videos(
    where: {
      status: { in: [QUEUED, TRANSCRIBING] }
      duration: { gte: 600 }
      channel: { name: { contains: "craft" } }
      researches: { some: { department: { equals: AI } } }
    }
    orderBy: [{ createdDate: ASC }]
  ) { nodes { videoId title status } }
}`)}`,
  },
  {
    id: 'figures',
    title: 'Figures and search',
    body: html`${p('Beside every list stands its aggregate, under the same `where`: count, sum, average, least, greatest and distinct, as a whole and by groups. A date makes groups of days to years, in the time zone that you name.')}
${block(`query ByMonth {
  videosAggregate(where: { status: { equals: COMPLETED } }) {
    count
    groups(by: [CREATED_DATE_MONTH, CHANNEL], timeZone: "Europe/Kyiv", first: 20) {
      nodes { key { createdDate { label } channel { name } } count sum { duration } }
    }
  }
}`)}
${p('`search` looks through titles, transcripts, reports and analyses at once. Words must all be there; `"a phrase"` as it stands, `or`, and `-without`. A spoken hit says at which second.')}
${block(`query Find {
  search(query: "rye or dough", first: 10, where: { type: [VIDEO] }) {
    facets { channel(first: 5) { label count } }
    edges { headline startSeconds node { ... on Video { videoId title } } }
  }
}`)}`,
  },
  {
    id: 'changing',
    title: 'Changing rows',
    body: html`${p('A mutation’s field is one transaction: all of it is kept, or nothing. In an update an absent field is kept, and null empties it. Every row has a `version`: sent along, it refuses an update of a row that somebody else has changed since. Every change is in the history, with who made it.')}
${p('A script that does not know whether its request arrived sends it again under the same `Idempotency-Key` header: it is done once, and answered alike.')}`,
  },
  {
    id: 'watching',
    title: 'Watching',
    body: html`${p('A subscription is a POST to `/graphql` that accepts `text/event-stream`. It ends when the token or session behind it does, and after an hour; clients open it again.')}
${block(`curl -sN $URL/graphql -H "Authorization: Bearer $TOKEN" -H 'content-type: application/json' -H 'accept: text/event-stream' \\
  -d '{"query": "subscription Follow($id: ID!) { importProgress(importId: $id) { status read } }", "variables": {"id": "…"}}'`)}`,
  },
  {
    id: 'named-operations',
    title: 'Operations by name',
    body: html`${p('Documents that the server has registered may be named instead of sent: `documentId` is the operation’s name or its hash. A server may be set to answer registered ones alone.')}
${block(`curl -s $URL/graphql -H "Authorization: Bearer $TOKEN" -H 'content-type: application/json' \\
  -d '{"documentId": "DashboardOverview"}'`)}`,
  },
  {
    id: 'errors',
    title: 'Errors',
    body: html`${p('An error’s `extensions` hold one of these codes, the `requestId` that the log knows it by, and often a `hint` of what to do. Where more is known, `reason` is a finer code.')}
${table(
  ['code', 'when'],
  CLIENT_CODES.map((name) => [code(name), inline(ERRORS[name])]),
)}`,
  },
  {
    id: 'limits',
    title: 'Limits',
    body: html`${p('What is beyond a limit is refused whole, with LIMIT_EXCEEDED or RATE_LIMITED, and costs the server next to nothing.')}
${table(
  ['what', 'at most'],
  [
    ['rows of a page', '100'],
    ['tokens of a document', number(MOST_TOKENS)],
    ['levels of nesting', number(DOCUMENT_LIMITS.depth)],
    ['fields, with fragments spread out', number(DOCUMENT_LIMITS.fields)],
    ['aliases', number(DOCUMENT_LIMITS.aliases)],
    ['directives', number(DOCUMENT_LIMITS.directives)],
    ['bytes of a request', number(PARAMS_LIMITS.bodySize)],
    ['bytes of an uploaded file', number(PARAMS_LIMITS.fileSize)],
    ['price of an operation', number(MOST_COST)],
    ['subscriptions of one user or token', number(SUBSCRIPTION_LIMITS.perActor)],
  ],
)}
${p('The price of an operation grows with the rows that it asks for, by the real values of its variables. Each answer’s headers say what it cost and what is left of the minute.')}`,
  },
  {
    id: 'rights',
    title: 'Rights',
    body: html`${p('Roles are a ladder: each may do what those before it may. What a field needs beyond a viewer’s rights stands at the end of its description.')}
${table(
  ['role', 'may'],
  ROLES.map((role) => [code(role), RIGHTS[role]]),
)}`,
  },
];
