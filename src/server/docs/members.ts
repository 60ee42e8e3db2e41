/** Fields, arguments and values as the reference shows them. */
import {
  astFromValue,
  type GraphQLArgument,
  type GraphQLEnumValue,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLType,
  getNamedType,
  isListType,
  isNonNullType,
  print,
} from 'graphql';
import { html, type Markup, prose } from './html.ts';

/** Where a type's page is. */
export const typeAddress = (name: string): string => `/docs/${name}`;

/** A type as the schema writes it, its name leading to its page. */
export function typeLink(type: GraphQLType): Markup {
  if (isNonNullType(type)) return html`${typeLink(type.ofType)}!`;
  if (isListType(type)) return html`[${typeLink(type.ofType)}]`;
  const { name } = getNamedType(type);
  return html`<a href="${typeAddress(name)}">${name}</a>`;
}

function defaultOf({ defaultValue, type }: GraphQLArgument | GraphQLInputField): string | undefined {
  if (defaultValue === undefined) return undefined;
  const written = astFromValue(defaultValue, type);
  return written ? ` = ${print(written)}` : undefined;
}

function deprecation(reason: string | null | undefined): Markup | undefined {
  return reason ? html`<p class="gone">Deprecated: ${reason}</p>` : undefined;
}

/** A field of an object or interface, with its arguments and, where there are some, examples. */
export function fieldSection(field: GraphQLField<unknown, unknown>, examples?: Markup): Markup {
  const { name, args } = field;
  return html`<section class="member" id="${name}">
<h3 class="signature"><a class="name" href="#${name}">${name}</a>: ${typeLink(field.type)}</h3>
${prose(field.description)}${deprecation(field.deprecationReason)}
${
  args.length === 0
    ? undefined
    : html`<dl class="arguments">${args.map(
        (argument) =>
          html`<dt class="signature"><span class="name">${argument.name}</span>: ${typeLink(argument.type)}${defaultOf(argument)}</dt><dd>${prose(argument.description)}${deprecation(argument.deprecationReason)}</dd>`,
      )}</dl>`
}${examples}
</section>`;
}

export function inputFieldSection(field: GraphQLInputField): Markup {
  return html`<section class="member" id="${field.name}">
<h3 class="signature"><a class="name" href="#${field.name}">${field.name}</a>: ${typeLink(field.type)}${defaultOf(field)}</h3>
${prose(field.description)}${deprecation(field.deprecationReason)}
</section>`;
}

export function valueSection({ name, description, deprecationReason }: GraphQLEnumValue): Markup {
  return html`<section class="member" id="${name}">
<h3 class="signature"><a class="name" href="#${name}">${name}</a></h3>
${prose(description)}${deprecation(deprecationReason)}
</section>`;
}
