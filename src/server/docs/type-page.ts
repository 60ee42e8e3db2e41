/** The page of one type. */
import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isUnionType,
} from 'graphql';
import type { Answer } from '../../http/respond.ts';
import type { Catalogue, Example, Use } from './catalogue.ts';
import { html, type Markup, prose } from './html.ts';
import { fieldSection, inputFieldSection, typeAddress, typeLink, valueSection } from './members.ts';
import { contentsGroup, docsPage } from './page.ts';

/** Uses shown before the rest is folded away: scalars are used everywhere. */
const SHOWN_USES = 12;
/** More say nothing that a search would not. */
const MOST_USES = 200;

export function typePage(catalogue: Catalogue, type: GraphQLNamedType): Answer {
  const members = memberNames(type);
  const contents = html`${contentsGroup('Reference', [html`<a href="/docs">All types</a>`])}${
    members.length === 0
      ? undefined
      : contentsGroup(
          type.name,
          members.map((name) => html`<a href="#${name}">${name}</a>`),
          'members',
        )
  }`;
  const main = html`<h1>${type.name} <span class="kind">${kindOf(type)}</span></h1>
${prose(type.description)}
${interfacesOf(type)}
${membersOf(catalogue, type)}
${usesSection(catalogue.uses.get(type.name) ?? [])}`;
  return docsPage({ title: type.name, contents, main });
}

function kindOf(type: GraphQLNamedType): string {
  if (isObjectType(type)) return 'object';
  if (isInterfaceType(type)) return 'interface';
  if (isUnionType(type)) return 'union';
  if (isEnumType(type)) return 'enumeration';
  return isInputObjectType(type) ? (type.isOneOf ? 'input: exactly one field' : 'input') : 'scalar';
}

function memberNames(type: GraphQLNamedType): string[] {
  if (isEnumType(type)) return type.getValues().map(({ name }) => name);
  return isUnionType(type) || isScalarType(type) ? [] : Object.keys(type.getFields());
}

function interfacesOf(type: GraphQLNamedType): Markup | undefined {
  if (!isObjectType(type) || type.getInterfaces().length === 0) return undefined;
  return html`<p class="lead">Implements ${type.getInterfaces().map((one) => html`${typeLink(one)} `)}</p>`;
}

function membersOf(catalogue: Catalogue, type: GraphQLNamedType): Markup | undefined {
  if (isEnumType(type)) return html`<h2>Values</h2>${type.getValues().map(valueSection)}`;
  if (isUnionType(type))
    return html`<h2>One of</h2><ul class="names">${type.getTypes().map((one) => html`<li>${typeLink(one)}</li>`)}</ul>`;
  if (isScalarType(type)) {
    const { specifiedByURL } = type;
    return specifiedByURL ? html`<p class="lead">Specified by ${specifiedByURL}</p>` : undefined;
  }
  if (isInputObjectType(type)) return html`<h2>Fields</h2>${Object.values(type.getFields()).map(inputFieldSection)}`;
  return html`<h2>Fields</h2>${Object.values(type.getFields()).map((field) =>
    fieldSection(field, examplesOf(catalogue.examples.get(`${type.name}.${field.name}`) ?? [])),
  )}`;
}

function examplesOf(examples: readonly Example[]): Markup {
  return html`${examples.map(
    ({ query, variables }) =>
      html`<details><summary>Example: ${titleOf(query)}</summary><pre>${query.trim()}</pre>${
        variables === undefined ? undefined : html`<p>Variables</p><pre>${JSON.stringify(variables, null, 2)}</pre>`
      }</details>`,
  )}`;
}

/** What an example's first line, a comment, says. */
function titleOf(query: string): string {
  return /^#\s*(.*)/.exec(query)?.[1] ?? /\b(?:query|mutation|subscription)\s+(\w+)/.exec(query)?.[1] ?? 'operation';
}

function usesSection(uses: readonly Use[]): Markup | undefined {
  if (uses.length === 0) return undefined;
  const links = uses.slice(0, MOST_USES).map(({ type, member, argument }) => {
    const place = `${type}.${member}${argument === undefined ? '' : `(${argument}:)`}`;
    return html`<li><a href="${typeAddress(type)}#${member}">${place}</a></li>`;
  });
  const more =
    uses.length > MOST_USES ? html`<p class="lead">and ${uses.length - MOST_USES} more places.</p>` : undefined;
  const list = html`<ul class="names">${links}</ul>${more}`;
  if (uses.length <= SHOWN_USES) return html`<h2>Used by</h2>${list}`;
  return html`<h2>Used by</h2><details><summary>${uses.length} places</summary>${list}</details>`;
}
