/** An answer's JSON, checked before it is believed. */
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { ConnectorError } from '../connector.ts';
import { asConnectorError } from './network-error.ts';

/**
 * The JSON of an answer, as `schema` has it; more members than it names may be there.
 * @throws ConnectorError transient where it broke off, is no JSON (a page for browsers) or has another shape
 */
export async function answerJson<Schema extends TSchema>(
  answer: Response,
  schema: Schema,
  options: { readonly provider: string; readonly signal: AbortSignal },
): Promise<Static<Schema>> {
  const text = await answer.text().catch((thrown: unknown) => {
    throw asConnectorError(thrown, options.provider, options.signal);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ConnectorError('transient', `${options.provider} answered with something that is no JSON`, { cause });
  }
  if (Value.Check(schema, value)) return value;
  const [fault] = Value.Errors(schema, value);
  const where = fault === undefined ? '' : ` (${fault.instancePath || 'the whole'} ${fault.message})`;
  throw new ConnectorError('transient', `${options.provider} answered in a shape that is not known${where}`);
}
