/** From what a client sent to what its route declares: typed, and everything that does not fit named at once. */
import Type, { type TObject, type TSchema } from 'typebox';
import { AppError, type Fault } from '../kernel/errors.ts';
import { createRecent } from '../kernel/recent.ts';
import { faultPlace, textFaultIn } from '../kernel/text-fault.ts';
import { isReceivedStream } from './received-stream.ts';
import { isStreamed, type Received, type RouteFacts } from './route-facts.ts';
import { type Checked, schemaCheck } from './schema-check.ts';

export interface CheckedParts<Path, Query, Body> {
  readonly params: Path;
  readonly query: Query;
  readonly body: Body;
}

/** Addresses of each route whose values are kept, since programs ask the same few again and again; their characters. */
const MOST_ADDRESSES = 40;
const LONGEST_ADDRESS = 1_000;

const NOTHING = Type.Object({}, { additionalProperties: false });

/**
 * The check of a route's requests.
 * @throws AppError BAD_USER_INPUT with a fault for each value that does not fit
 */
export function checkerOf<Path, Query, Body>(
  facts: Pick<RouteFacts, 'params' | 'query' | 'body'>,
): (received: Received) => CheckedParts<Path, Query, Body> {
  const checkParams = schemaCheck<Path>(closed(facts.params));
  const checkQuery = schemaCheck<Query>(closed(facts.query));
  const checkBody = bodyCheck<Body>(facts);
  const check = (received: Received): CheckedParts<Path, Query, Body> => {
    requireReadable(received.url.search);
    const twice: Fault[] = [];
    const values = {
      params: typedValues(facts.params, Object.entries(received.params), twice),
      query: typedValues(facts.query, received.url.searchParams, twice),
    };
    requireText(values.params);
    requireText(values.query, parameterOf(values.query));
    const params = checkParams(values.params, '');
    const query = checkQuery(values.query, '');
    const body = checkBody(received);
    if (twice.length === 0 && 'value' in params && 'value' in query && 'value' in body) {
      return { params: params.value, query: query.value, body: body.value };
    }
    const named = faultsOf(query).map((fault) => ({ ...fault, path: parameterOf(values.query)(fault.path) }));
    // Several values of one parameter may be wrong alike.
    const ofQuery = new Map(named.map((fault) => [JSON.stringify(fault), fault])).values();
    throw unfit([...twice, ...faultsOf(params), ...ofQuery, ...faultsOf(body)]);
  };
  return facts.body === undefined ? keptByAddress(check) : check;
}

/** The check of requests that are all address: what one came to holds for the next. Frozen, since they share it. */
function keptByAddress<Parts extends CheckedParts<unknown, unknown, unknown>>(
  check: (received: Received) => Parts,
): (received: Received) => Parts {
  const kept = createRecent<Parts>(MOST_ADDRESSES);
  return (received) => {
    // A body that no route asks for is refused whatever the address.
    if (received.body !== undefined) return check(received);
    // The parameters too: an old address may have told them elsewhere than the one that it stands for.
    const address = JSON.stringify(received.params) + received.url.href;
    const known = kept.get(address);
    if (known !== undefined) return known;
    const checked = check(received);
    for (const part of Object.values(checked)) Object.freeze(part);
    if (address.length <= LONGEST_ADDRESS) kept.set(address, Object.freeze(checked));
    return checked;
  };
}

/** Names that are not declared are refused, whatever the declaration says. */
function closed(schema: TObject | undefined): TSchema {
  return schema === undefined ? NOTHING : { ...schema, additionalProperties: false };
}

/** Collecting every fault of a large body is work that its sender chooses. */
const LARGE = 65_536;

function bodyCheck<Body>({ body }: Pick<RouteFacts, 'body'>): (received: Received) => Checked<Body> {
  if (body === undefined) return ({ body: value }) => passed(value, (none): none is Body => none === undefined);
  if (isStreamed(body)) return ({ body: value }) => passed(value, (given): given is Body => isReceivedStream(given));
  const first = schemaCheck<Body>(body.schema, 'first');
  const all = schemaCheck<Body>(body.schema, 'all');
  return ({ body: value, size }) => {
    if (value === undefined && body.optional === true) return passed(value, (none): none is Body => none === undefined);
    requireText(value);
    return (size > LARGE ? first : all)(value, 'body');
  };
}

/** A body that the kit has made itself, as the declaration asked for it. */
function passed<Body>(value: unknown, accepts: (value: unknown) => value is Body): Checked<Body> {
  return accepts(value) ? { value } : { faults: [{ path: 'body', code: 'MISSING', message: 'is missing' }] };
}

/** Names and texts of a query or path as the types that their schemas name; what does not fit stays text, to be refused. */
function typedValues(
  schema: TObject | undefined,
  entries: Iterable<readonly [string, string | undefined]>,
  twice: Fault[],
): Record<string, unknown> {
  // Without a prototype: a client may send any name.
  const values: Record<string, unknown> = Object.create(null);
  const properties: Readonly<Record<string, TSchema>> = schema?.properties ?? {};
  for (const [name, text] of entries) {
    if (text === undefined) continue;
    const declared = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (typeOf(declared) === 'array') {
      const earlier = values[name];
      values[name] = [...(Array.isArray(earlier) ? earlier : []), typedText(itemsOf(declared), text)];
    } else {
      if (Object.hasOwn(values, name))
        twice.push({ path: name.slice(0, 100), code: 'INVALID_VALUE', message: 'stands there twice' });
      values[name] = typedText(declared, text);
    }
  }
  return values;
}

function typedText(schema: unknown, text: string): unknown {
  const type = typeOf(schema);
  if (type === 'integer' && /^-?\d{1,15}$/.test(text)) return Number(text);
  if (type === 'number' && /^-?\d{1,15}(\.\d{1,15})?$/.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

const typeOf = (schema: unknown): unknown =>
  typeof schema === 'object' && schema !== null && 'type' in schema ? schema.type : undefined;

const itemsOf = (schema: unknown): unknown =>
  typeof schema === 'object' && schema !== null && 'items' in schema ? schema.items : undefined;

/** What is no UTF-8, or no escape, would be read as something else than was meant. */
function requireReadable(search: string): void {
  try {
    decodeURIComponent(search);
  } catch {
    throw new AppError('BAD_USER_INPUT', 'The query of the address cannot be read');
  }
}

/** A parameter that may be given several times is told by its name all the same: nobody has sent `status.0`. */
const parameterOf =
  (values: Readonly<Record<string, unknown>>) =>
  (path: string): string => {
    const name = path.replace(/\.\d+$/, '');
    return Array.isArray(values[name]) ? name : path;
  };

function requireText(value: unknown, nameOf = (path: string): string => path): void {
  const fault = textFaultIn(value);
  if (fault === undefined) return;
  const path = nameOf(faultPlace(typeof value === 'object' && value !== null ? { ...value } : {}));
  throw new AppError('BAD_USER_INPUT', fault, { path });
}

const faultsOf = <T>(checked: Checked<T>): readonly Fault[] => ('faults' in checked ? checked.faults : []);

function unfit(faults: readonly Fault[]): AppError {
  const [first] = faults;
  if (first === undefined) return new AppError('INTERNAL', 'A request was refused without a reason');
  const rest = faults.length === 1 ? '' : `, and ${faults.length - 1} more`;
  return new AppError('BAD_USER_INPUT', `${first.path} ${first.message}${rest}`, { path: first.path, faults });
}
