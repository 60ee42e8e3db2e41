/** A value that a schema accepts, for documentation. */

const BY_FORMAT: Readonly<Record<string, unknown>> = {
  'date-time': '2025-11-20T14:31:00Z',
  date: '2025-11-20',
  uuid: '019a0f3c-6f00-7000-8000-000000000001',
};

const BY_TYPE: Readonly<Record<string, unknown>> = { integer: 1, number: 1, boolean: true, string: 'text', null: null };

/** The schema's own example, its default, or a plain value of its type; undefined where there is none. */
export function exampleOf(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null) return undefined;
  const part = (name: string): unknown => Reflect.get(schema, name);
  const first = (value: unknown): unknown => (Array.isArray(value) ? value[0] : undefined);
  const given = first(part('examples')) ?? part('default') ?? part('const') ?? first(part('enum'));
  if (given !== undefined) return given;
  if (part('type') === 'array') {
    const item = exampleOf(part('items'));
    return item === undefined ? undefined : [item];
  }
  const type = Array.isArray(part('type')) ? first(part('type')) : part('type');
  return (
    part('minimum') ?? BY_FORMAT[String(part('format'))] ?? BY_TYPE[String(type)] ?? exampleOf(first(part('anyOf')))
  );
}
