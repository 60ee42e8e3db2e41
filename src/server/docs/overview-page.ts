/** The first page of the reference, and what its search finds. */
import { type GraphQLNamedType, isEnumType, isScalarType, isUnionType } from 'graphql';
import type { Answer } from '../../http/respond.ts';
import type { Catalogue } from './catalogue.ts';
import { GUIDE, type GuideSection } from './guide.ts';
import { firstSentence, html, inline, type Markup } from './html.ts';
import { typeAddress } from './members.ts';
import { contentsGroup, docsPage } from './page.ts';

const ROOTS = [
  ['Query', 'Queries', 'What can be asked.'],
  ['Mutation', 'Mutations', 'What can be changed. Each field is one transaction.'],
  ['Subscription', 'Subscriptions', 'What can be watched, as Server-Sent Events.'],
] as const;

export function overviewPage(catalogue: Catalogue): Answer {
  const roots = ROOTS.filter(([name]) => catalogue.types.has(name));
  const contents = html`${contentsGroup(
    'Guide',
    GUIDE.map(({ id, title }) => html`<a href="#${id}">${title}</a>`),
  )}
${contentsGroup(
  'Operations',
  roots.map(([, title]) => html`<a href="#${title}">${title}</a>`),
)}
${contentsGroup(
  'Types',
  catalogue.groups.map(({ title }) => html`<a href="#${idOf(title)}">${title}</a>`),
)}`;
  const main = html`<h1>The API of Cairn</h1>
<p class="lead">One GraphQL endpoint, <code>/graphql</code>: ${count(catalogue, 'Query')} queries, ${count(catalogue, 'Mutation')} mutations, ${count(catalogue, 'Subscription')} subscriptions. This page is made from the schema that this server answers by. Try everything in <a href="/graphql">GraphiQL</a>.</p>
${GUIDE.map(guideSection)}
${roots.map(([name, title, lead]) => html`<h2 id="${title}">${title}</h2><p class="lead">${lead}</p><ul class="roots">${rootFields(catalogue, name)}</ul>`)}
<h2 id="types">Types</h2>
${catalogue.groups.map(({ title, isOften, names }) => {
  const list = html`<ul class="names">${names.map((name) => html`<li><a href="${typeAddress(name)}">${name}</a></li>`)}</ul>`;
  return isOften
    ? html`<h3 id="${idOf(title)}">${title}</h3>${list}`
    : html`<details id="${idOf(title)}"><summary>${title} (${names.length})</summary>${list}</details>`;
})}`;
  return docsPage({ title: 'Reference', contents, main });
}

const idOf = (title: string): string => title.toLowerCase().replaceAll(' ', '-');

function guideSection({ id, title, body }: GuideSection): Markup {
  return html`<h2 id="${id}">${title}</h2>${body}`;
}

function count({ types }: Catalogue, root: string): number {
  return membersOf(types.get(root)).length;
}

function rootFields({ types }: Catalogue, root: string): Markup[] {
  return membersOf(types.get(root)).map(
    ({ name, description }) =>
      html`<li><a class="signature" href="${typeAddress(root)}#${name}">${name}</a> <span>${inline(firstSentence(description))}</span></li>`,
  );
}

interface Member {
  readonly name: string;
  readonly description: string | null | undefined;
}

function membersOf(type: GraphQLNamedType | undefined): Member[] {
  if (type === undefined || isScalarType(type) || isUnionType(type)) return [];
  if (isEnumType(type)) return type.getValues().map(({ name, description }) => ({ name, description }));
  return Object.values(type.getFields()).map(({ name, description }) => ({ name, description }));
}

const MOST_FOUND = 100;

/** Types and members whose name has the words, then those whose description has; at most a hundred. */
export function findPage(catalogue: Catalogue, wanted: string): Answer {
  const words = wanted
    .toLowerCase()
    .split(/[\s.]+/)
    .filter((word) => word !== '');
  const has = (text: string | null | undefined): boolean => words.every((word) => text?.toLowerCase().includes(word));
  const places = [...catalogue.types.values()].flatMap((type) => [
    { address: typeAddress(type.name), path: type.name, name: type.name, description: type.description },
    ...membersOf(type).map(({ name, description }) => ({
      address: `${typeAddress(type.name)}#${name}`,
      path: `${type.name}.${name}`,
      name,
      description,
    })),
  ]);
  const byName = places.filter(({ path }) => has(path)).toSorted((a, b) => a.name.length - b.name.length);
  const named = new Set(byName);
  const byText = places.filter((place) => !named.has(place) && has(place.description));
  const found = words.length === 0 ? [] : [...byName, ...byText].slice(0, MOST_FOUND);
  const main = html`<h1>${found.length === 0 ? 'Nothing found' : found.length === MOST_FOUND ? `The first ${MOST_FOUND} places` : `${found.length} places`} <span class="kind">${wanted}</span></h1>
<ul class="roots">${found.map(
    ({ address, path, description }) =>
      html`<li><a class="signature" href="${address}">${path}</a> <span>${inline(firstSentence(description))}</span></li>`,
  )}</ul>`;
  const contents = contentsGroup('Reference', [html`<a href="/docs">All types</a>`]);
  return docsPage({ title: wanted, contents, main, find: wanted });
}
