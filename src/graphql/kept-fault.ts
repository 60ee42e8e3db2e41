/** What went wrong with an import, an export or a job, as its row keeps it: JSON of code, message and hint. */
import { isJsonObject } from '../kernel/json.ts';
import { builder } from './builder.ts';
import type { Row } from './entity.ts';
import { jsonOf } from './values.ts';

export interface KeptFault {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

/** The GraphQL type under which rows of one kind show it. */
export function faultType(name: string, description: string) {
  return builder.objectRef<KeptFault>(name).implement({
    description,
    fields: (t) => ({
      code: t.exposeString('code', { description: 'What happened, of a closed list.' }),
      message: t.exposeString('message', { description: 'What happened, as a sentence.' }),
      hint: t.exposeString('hint', { nullable: true, description: 'What to do next.' }),
    }),
  });
}

/** What the row's `error` holds; null where nothing went wrong. */
export function keptFault(row: Row): KeptFault | null {
  const value = jsonOf(row, 'error');
  if (!isJsonObject(value)) return null;
  const { code, message, hint } = value;
  return { code: String(code), message: String(message), hint: typeof hint === 'string' ? hint : null };
}
