/** Values checked by their JSON Schema, and what is wrong with them in the words and codes of rejects. */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { TSchema } from 'typebox';
import type { Fault } from '../kernel/errors.ts';

/** Enough to see what is wrong. */
const MOST_FAULTS = 20;

// Two, since collecting every fault of a large body is work that its sender chooses.
const validators = { first: createValidator(false), all: createValidator(true) };

function createValidator(allErrors: boolean): Ajv2020 {
  const ajv = new Ajv2020({ allErrors, strict: true, strictTypes: false, strictTuples: false, strictRequired: false });
  addFormats.default(ajv);
  return ajv;
}

/** A value of a type, or why it is none. */
export type Checked<T> = { readonly value: T } | { readonly faults: readonly Fault[] };

/** Checks a value; paths of its faults begin with `place`. */
export type SchemaCheck<T> = (value: unknown, place: string) => Checked<T>;

/** A schema's check, compiled when it is first needed. `all` collects every fault, for small values only. */
export function schemaCheck<T>(schema: TSchema, which: keyof typeof validators = 'all'): SchemaCheck<T> {
  let compiled: ValidateFunction<T> | undefined;
  return (value, place) => {
    compiled ??= validators[which].compile<T>(plainSchema(schema));
    if (compiled(value)) return { value };
    return { faults: (compiled.errors ?? []).slice(0, MOST_FAULTS).map((error) => faultOf(error, place)) };
  };
}

/** The schema as plain JSON, without the names under which it is documented: one may stand in many. */
function plainSchema(schema: TSchema): object {
  return JSON.parse(JSON.stringify(schema, (key, value: unknown) => (key === '$id' ? undefined : value)));
}

const CODES: Readonly<Record<string, string>> = {
  required: 'MISSING',
  type: 'INVALID_TYPE',
  minimum: 'OUT_OF_RANGE',
  maximum: 'OUT_OF_RANGE',
  exclusiveMinimum: 'OUT_OF_RANGE',
  exclusiveMaximum: 'OUT_OF_RANGE',
  maxLength: 'TOO_LONG',
  maxItems: 'TOO_LONG',
};

function faultOf({ keyword, instancePath, params, message }: ErrorObject, place: string): Fault {
  const steps = [place, ...instancePath.split('/').slice(1).map(unescapeStep)];
  const inner: unknown = params['missingProperty'] ?? params['additionalProperty'];
  if (typeof inner === 'string') steps.push(inner.slice(0, 100));
  return {
    path: steps.filter((step) => step !== '').join('.'),
    code: CODES[keyword] ?? 'INVALID_VALUE',
    message: wordsOf(keyword, params, message ?? 'does not fit'),
  };
}

const unescapeStep = (step: string): string => step.replaceAll('~1', '/').replaceAll('~0', '~');

function wordsOf(keyword: string, params: Record<string, unknown>, message: string): string {
  if (keyword === 'required') return 'is missing';
  if (keyword === 'additionalProperties') return 'is not known';
  const allowed = params['allowedValues'];
  if (keyword === 'enum' && Array.isArray(allowed)) return `must be one of ${allowed.map(String).join(', ')}`;
  const type = params['type'];
  if (keyword === 'type') return `must be ${Array.isArray(type) ? type.join(' or ') : String(type)}`;
  if (keyword === 'format') return `must be of the form ${String(params['format'])}`;
  return message;
}
