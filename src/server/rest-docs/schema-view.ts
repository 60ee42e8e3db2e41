/** A JSON Schema as people read it. */
import { html, inline, type Markup, type Part } from '../docs/html.ts';

/** Deeper parts say little; the document has them all. */
const DEEPEST = 5;

const partOf = (schema: unknown, name: string): unknown =>
  typeof schema === 'object' && schema !== null ? Reflect.get(schema, name) : undefined;

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** In words, such as `list of Video` or `text or null`. */
export function typeWords(schema: unknown): string {
  const name = partOf(schema, '$id');
  if (typeof name === 'string') return name;
  const branches = [...listOf(partOf(schema, 'anyOf')), ...listOf(partOf(schema, 'oneOf'))];
  if (branches.length > 0) return [...new Set(branches.map(typeWords))].join(' or ');
  const values = listOf(partOf(schema, 'enum'));
  if (values.length > 0) return values.map(String).join(' | ');
  const constant = partOf(schema, 'const');
  if (constant !== undefined) return String(constant);
  const format = partOf(schema, 'format');
  const types = [partOf(schema, 'type')].flat().filter((type) => type !== undefined);
  const words = types.map((type) => {
    if (type === 'array') return `list of ${typeWords(partOf(schema, 'items'))}`;
    return type === 'string' ? (typeof format === 'string' ? format : 'text') : String(type);
  });
  return words.length === 0 ? 'any' : words.join(' or ');
}

/** Every field of an object, and of those within it. */
export function schemaView(schema: unknown, depth = 0): Markup | undefined {
  const branches = [...listOf(partOf(schema, 'anyOf')), ...listOf(partOf(schema, 'oneOf'))];
  if (branches.length > 0) return html`${branches.map((branch) => schemaView(branch, depth))}`;
  if (partOf(schema, 'type') === 'array') return schemaView(partOf(schema, 'items'), depth);
  const properties = partOf(schema, 'properties');
  if (typeof properties !== 'object' || properties === null || depth > DEEPEST) return undefined;
  const required = listOf(partOf(schema, 'required'));
  return html`<ul class="schema">${Object.entries(properties).map(
    ([name, property]) =>
      html`<li><code>${name}</code> <span class="kind">${typeWords(property)}</span>${required.includes(name) ? undefined : html` <span class="lead">may be left out</span>`}${about(property)}${schemaView(property, depth + 1)}</li>`,
  )}</ul>`;
}

function about(schema: unknown): Part {
  const description = partOf(schema, 'description');
  return typeof description === 'string' ? html`<p>${inline(description)}</p>` : undefined;
}
