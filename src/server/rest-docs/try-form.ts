/** A form that asks one operation; the page's script sends it. */
import type { TObject, TSchema } from 'typebox';
import { exampleOf } from '../../http/openapi/example.ts';
import { type BodyDeclaration, isStreamed } from '../../http/route-facts.ts';
import type { RestRoute } from '../../rest/route.ts';
import { html, inline, type Markup, type Part } from '../docs/html.ts';
import { REST_ROOT } from '../rest-routes.ts';
import { typeWords } from './schema-view.ts';

type Place = 'path' | 'query' | 'header';

interface Field {
  readonly place: Place;
  readonly name: string;
  readonly schema: unknown;
  readonly isRequired: boolean;
}

export function tryForm(route: RestRoute): Markup {
  const query = fieldsOf('query', route.query);
  // Filters are many: what a list is asked for most often stands before them.
  const main = query.filter(({ name, isRequired }) => isRequired || MAIN.has(name));
  const rest = query.filter((field) => !main.includes(field));
  const headers = Object.entries(route.headers ?? {}).map(
    ([name, { description, schema }]): Field => ({
      place: 'header',
      name,
      schema: { ...unnamed(schema), description },
      isRequired: false,
    }),
  );
  return html`<form class="try" data-method="${route.method}" data-path="${REST_ROOT}${route.path}">
${[...fieldsOf('path', route.params), ...main, ...headers].map(fieldView)}
${rest.length === 0 ? undefined : html`<details><summary>${rest.length} ${main.length === 0 ? 'parameters' : 'more parameters'}</summary><div class="filters">${rest.map(fieldView)}</div></details>`}
${route.body === undefined ? undefined : bodyView(route.body)}
<button type="submit">Send</button>
<output></output>
</form>`;
}

const MAIN = new Set(['limit', 'offset', 'cursor', 'sort', 'fields', 'include_total', 'query', 'q', 'format']);

/** Of a parameter its kind is told, not under which name the document has it. */
const unnamed = ({ $id: _name, ...schema }: TSchema & { readonly $id?: unknown }): TSchema => schema;

function fieldsOf(place: Place, declared: TObject | undefined): Field[] {
  const required: readonly unknown[] = declared?.required ?? [];
  return Object.entries(declared?.properties ?? {}).map(([name, schema]) => ({
    place,
    name,
    schema: unnamed(schema),
    isRequired: place === 'path' || required.includes(name),
  }));
}

function fieldView({ place, name, schema, isRequired }: Field): Markup {
  const id = `${place}:${name}`;
  const description = partOf(schema, 'description');
  return html`<div><label for="${id}">${name} <span>${typeWords(schema)}${isRequired ? ', must be given' : ''}</span></label>
${typeof description === 'string' ? html`<p class="about">${inline(description)}</p>` : undefined}
${inputOf(id, schema, isRequired)}</div>`;
}

function inputOf(id: string, schema: unknown, isRequired: boolean): Markup {
  const items = partOf(schema, 'type') === 'array' ? partOf(schema, 'items') : schema;
  const values = partOf(items, 'type') === 'boolean' ? [true, false] : partOf(items, 'enum');
  if (Array.isArray(values)) {
    const options = values.filter((value) => value !== null).map((value) => html`<option>${String(value)}</option>`);
    // Several may be chosen.
    if (items !== schema)
      return html`<select id="${id}" name="${id}" multiple size="${Math.min(options.length, 5)}">${options}</select>`;
    return html`<select id="${id}" name="${id}"><option value=""></option>${options}</select>`;
  }
  const example = exampleOf(items);
  const shown = example === undefined || typeof example === 'object' ? '' : String(example);
  // What must be given is filled in, so that the form can be sent at once.
  return isRequired
    ? html`<input id="${id}" name="${id}" value="${shown}" required>`
    : html`<input id="${id}" name="${id}" placeholder="${shown}">`;
}

function bodyView(body: BodyDeclaration): Markup {
  const about: Part =
    body.description === undefined ? undefined : html`<p class="about">${inline(body.description)}</p>`;
  if (!isStreamed(body)) {
    return html`<label for="body">Body <span>application/json</span></label>${about}<textarea id="body" name="body" spellcheck="false">${JSON.stringify(sampleOf(body.schema), null, 2)}</textarea><input type="hidden" name="type" value="application/json">`;
  }
  const types = Object.entries(body.streamed);
  return html`<label for="type">Body’s type</label><select id="type" name="type">${types.map(([type]) => html`<option>${type}</option>`)}</select>
<label for="body">Body</label>${about}<textarea id="body" name="body" spellcheck="false"></textarea>
<label for="file">or a file</label><input type="file" id="file" name="file">`;
}

/** A body to begin with: the schema's own example, or what must be given. */
function sampleOf(schema: unknown): unknown {
  const given = exampleOf(schema);
  if (given !== undefined) return given;
  const properties = partOf(schema, 'properties');
  const required = partOf(schema, 'required');
  const names = Array.isArray(required) ? required.map(String) : [];
  return Object.fromEntries(names.map((name) => [name, sampleOf(partOf(properties, name)) ?? null]));
}

const partOf = (schema: unknown, name: string): unknown =>
  typeof schema === 'object' && schema !== null ? Reflect.get(schema, name) : undefined;
