/** Steps without expressions: what each does to one record. */
import type { JsonValue, MutableJsonObject } from '../../kernel/json.ts';
import type { Step } from './steps.ts';

/** Undefined where the record goes on; `dropped`; or why the record does not pass. */
export type StepResult = undefined | 'dropped' | { readonly fault: string };

export type RunStep = (record: MutableJsonObject) => StepResult;

/** What a value is compared by; nothing for what no one text stands for. */
function textOf(value: JsonValue | undefined): string | undefined {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? undefined : String(value);
}

const isEmpty = (value: JsonValue | undefined): boolean => value === undefined || value === null || value === '';

/** The step as a function; an expression is for {@link compileExpression}. */
export function compilePlainStep(step: Exclude<Step, { readonly kind: 'compute' }>): RunStep {
  switch (step.kind) {
    case 'rename':
      return renaming(Object.entries(step.names));
    case 'map': {
      const values = new Map(Object.entries(step.values));
      return (record) => {
        const text = textOf(record[step.field]);
        const found = text === undefined ? undefined : values.get(text);
        if (found !== undefined) record[step.field] = found;
        else if (step.otherwise === 'empty') record[step.field] = null;
        else if (step.otherwise === 'reject' && !isEmpty(record[step.field]))
          return {
            fault: `${text === undefined ? 'a list or an object' : `"${text.slice(0, 200)}"`} is not in the list`,
          };
        return undefined;
      };
    }
    case 'set':
      return (record) => {
        if (step.when !== 'absent' || isEmpty(record[step.field])) record[step.field] = step.value;
        return undefined;
      };
    case 'split':
      return splitting(step.field, step.by, step.into);
    case 'join':
      return (record) => {
        const values = step.fields.flatMap((field): readonly JsonValue[] => {
          const value = record[field];
          return value === undefined ? [] : Array.isArray(value) ? value : [value as JsonValue];
        });
        const texts = values.map(textOf);
        if (texts.includes(undefined)) return { fault: 'what is joined are texts and numbers, not objects' };
        const joined = texts.filter((text) => text !== '').join(step.with);
        record[step.into] = joined === '' ? null : joined;
        return undefined;
      };
    case 'filter': {
      const { field = '', is, isNot } = step;
      const wanted = is && new Set(is.map(textOf));
      const unwanted = isNot && new Set(isNot.map(textOf));
      return (record) => {
        const text = textOf(record[field]);
        return (wanted === undefined || wanted.has(text)) && !unwanted?.has(text) ? undefined : 'dropped';
      };
    }
  }
}

function renaming(names: readonly (readonly [string, string])[]): RunStep {
  return (record) => {
    // All are taken before any is set: two names may be exchanged.
    const taken = names.flatMap(([from, to]): [string, JsonValue][] => {
      const value = record[from];
      delete record[from];
      return value === undefined ? [] : [[to, value]];
    });
    for (const [to, value] of taken) record[to] = value;
    return undefined;
  };
}

function splitting(field: string, by: string, into: readonly string[] | undefined): RunStep {
  return (record) => {
    const value = record[field];
    if (isEmpty(value)) return undefined;
    if (typeof value !== 'string') return { fault: 'only a text can be split' };
    const parts = value.split(by);
    if (into === undefined) {
      record[field] = parts.map((part) => part.trim());
      return undefined;
    }
    into.forEach((name, index) => {
      const part = index === into.length - 1 ? parts.slice(index).join(by) : parts[index];
      record[name] = part === undefined || part.trim() === '' ? null : part.trim();
    });
    return undefined;
  };
}
