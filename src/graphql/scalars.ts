/** Values beyond GraphQL's own: checked on the way in, since the database would refuse or silently alter some of them. */
import { Kind, type ValueNode } from 'graphql';
import { emptyObject, type JsonValue } from '../kernel/json.ts';
import { textFault } from '../kernel/text-fault.ts';
import { builder } from './builder.ts';
import { inputError } from './errors.ts';
import { unfitItem } from './unfit-records.ts';

/** Deeper values overflow the stack of whoever walks them. */
const MOST_NESTED = 64;

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** @throws GraphQLError BAD_USER_INPUT for anything but an existing instant: no local times, no 30 February, no infinity */
export function parseDateTime(value: unknown): Date {
  const match = typeof value === 'string' ? ISO.exec(value) : null;
  if (match === null) throw inputError('A DateTime is text such as 2025-11-20 or 2025-11-20T14:31:00Z');
  const date = new Date(match[0]);
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  // Date reads 30 February as 2 March.
  const exists = new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day && month >= 1 && month <= 12;
  if (!exists || year === 0 || Number.isNaN(date.getTime())) throw inputError(`There is no ${match[0]}`);
  return date;
}

builder.scalarType('DateTime', {
  description: 'An instant as ISO 8601 text in UTC. A date alone means its midnight in UTC.',
  serialize: (value) => value.toISOString(),
  parseValue: parseDateTime,
  // graphql's own reader takes variables too, of which the compiler would print a warning.
  parseLiteral: (node) => parseDateTime(node.kind === Kind.STRING ? node.value : undefined),
});

/** @throws GraphQLError BAD_USER_INPUT when it is nested too deep or holds text or numbers that cannot be kept */
export function parseJson(value: unknown, depth = 0): JsonValue {
  if (depth > MOST_NESTED) throw inputError(`JSON may be nested ${MOST_NESTED} deep at most`);
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return checkedText(value);
  if (typeof value === 'number') return checkedNumber(value);
  if (Array.isArray(value)) return value.map((item: unknown) => parseJson(item, depth + 1));
  if (typeof value !== 'object') throw inputError(`JSON has no ${typeof value}`);
  const unfit = unfitItem(value);
  if (unfit !== undefined) return unfit;
  const object = emptyObject();
  for (const [key, item] of Object.entries(value)) object[checkedText(key)] = parseJson(item, depth + 1);
  return object;
}

function parseJsonLiteral(node: ValueNode, variables: Readonly<Record<string, unknown>>, depth = 0): JsonValue {
  if (depth > MOST_NESTED) throw inputError(`JSON may be nested ${MOST_NESTED} deep at most`);
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.BOOLEAN:
      return node.value;
    case Kind.STRING:
    case Kind.ENUM:
      return checkedText(node.value);
    case Kind.INT:
    case Kind.FLOAT:
      return checkedNumber(Number(node.value));
    case Kind.LIST:
      return node.values.map((item) => parseJsonLiteral(item, variables, depth + 1));
    case Kind.VARIABLE:
      return parseJson(variables[node.name.value] ?? null, depth);
    case Kind.OBJECT: {
      const object = emptyObject();
      for (const field of node.fields) {
        object[checkedText(field.name.value)] = parseJsonLiteral(field.value, variables, depth + 1);
      }
      return object;
    }
  }
}

function checkedText(text: string): string {
  const fault = textFault(text);
  if (fault !== undefined) throw inputError(fault);
  return text;
}

function checkedNumber(value: number): number {
  if (!Number.isFinite(value)) throw inputError('A number of JSON must be finite');
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw inputError('A whole number beyond 2^53 would lose digits; send it as text');
  }
  return value;
}

builder.scalarType('JSON', {
  description: 'Any JSON value, nested 64 deep at most.',
  serialize: (value) => value,
  parseValue: (value) => parseJson(value),
  // With a default the parameter is not counted: the compiler would print a warning of every operation with such a literal.
  parseLiteral: (node, variables = {}) => parseJsonLiteral(node, variables ?? {}),
});

const WHOLE = /^-?\d{1,19}$/;

function parseWhole(value: unknown): bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  if (typeof value === 'string' && WHOLE.test(value)) return BigInt(value);
  throw inputError('A BigInt is a whole number as text');
}

builder.scalarType('BigInt', {
  description: 'A whole number of up to 64 bits, as text: JSON numbers lose digits beyond 2^53.',
  serialize: (value) => value.toString(),
  parseValue: parseWhole,
  parseLiteral: (node) => parseWhole(node.kind === Kind.STRING || node.kind === Kind.INT ? node.value : undefined),
});

builder.scalarType('File', {
  description: 'A file sent with the request (GraphQL multipart request specification).',
  serialize: () => {
    throw inputError('A File is for input only');
  },
  // A JSON object that looks like a file is none: its name would be trusted as a path.
  parseValue: (value) => {
    if (value instanceof File) return value;
    throw inputError('A File comes as a part of a multipart request');
  },
  parseLiteral: () => {
    throw inputError('A File comes as a part of a multipart request');
  },
});
