/** From an HTTP request to one GraphQL operation's parameters. */
import type { IncomingMessage } from 'node:http';
import { readBody } from '../http/body.ts';
import { HttpError } from '../http/http-error.ts';
import { parseJsonBody, parseJsonText } from '../http/json-body.ts';
import { type Multipart, readMultipart } from '../http/multipart.ts';
import { dropUploads, type SpooledUpload } from '../http/upload.ts';
import { AppError } from '../kernel/errors.ts';

export interface GraphqlParams {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
}

/** What a client sent: a document, the name or hash of a registered one, or a document with its hash. */
export interface ReceivedParams extends Omit<GraphqlParams, 'query'> {
  readonly query?: string;
  readonly documentId?: string;
}

export interface ReceivedOperation {
  readonly params: ReceivedParams;
  /** Whoever receives them drops them when the operation is answered. */
  readonly uploads: readonly SpooledUpload[];
  /** Bytes that came with the request. */
  readonly size: number;
}

export interface ParamsLimits {
  /** Bytes of a JSON body, or of one field of a form. */
  readonly bodySize: number;
  /** Bytes of one uploaded file. */
  readonly fileSize: number;
  /** Milliseconds for a JSON body, and between two parts of an upload. */
  readonly bodyTime: number;
}

/** A day's records of a script fit; more comes as a file. */
export const PARAMS_LIMITS: ParamsLimits = { bodySize: 10_000_000, fileSize: 1_073_741_824, bodyTime: 20_000 };

/** Runs what may hold everybody up; where it would, when its actor's turn has come, with the bytes that wait for it. */
export type ParseInTurn = <T>(bytes: number, work: () => T) => Promise<T>;

const NAMES = new Set(['query', 'documentId', 'variables', 'operationName', 'extensions']);
/** The server keeps the documents that it has parsed: longer ones would fill its memory. */
const MOST_CHARACTERS = 100_000;

/**
 * Reads the operation that a GET's address, a JSON body or a multipart form asks for; files go to `folder`.
 * @throws AppError BAD_USER_INPUT, LIMIT_EXCEEDED
 */
export async function receiveOperation(
  request: IncomingMessage,
  url: URL,
  folder: string,
  limits: ParamsLimits,
  inTurn: ParseInTurn,
): Promise<ReceivedOperation> {
  if (request.method === 'GET') return { params: paramsOfAddress(url), uploads: [], size: 0 };
  const type = request.headers['content-type'] ?? '';
  if (/^application\/(graphql\+)?json\b/i.test(type)) {
    const bytes = await readBody(request, { size: limits.bodySize, time: limits.bodyTime });
    const params = await inTurn(bytes.length, () => paramsOf(parseJsonBody(bytes, type)));
    return { params, uploads: [], size: bytes.length };
  }
  if (/^multipart\/form-data\b/i.test(type)) return receiveForm(request, folder, limits);
  throw new HttpError(415, 'BAD_USER_INPUT', 'An operation comes as application/json or multipart/form-data');
}

function paramsOfAddress({ searchParams }: URL): ReceivedParams {
  const entries = [...searchParams].map(([name, value]): [string, unknown] =>
    name === 'variables' || name === 'extensions' ? [name, parseJsonText(value)] : [name, value],
  );
  return paramsOf(Object.fromEntries(entries));
}

/** @throws AppError BAD_USER_INPUT when `value` is not one operation */
function paramsOf(value: unknown): ReceivedParams {
  if (Array.isArray(value)) throw invalid('Several operations in one request are not supported');
  if (!isRecord(value)) throw invalid('The body must be a JSON object with a query');
  const stranger = Object.keys(value).find((name) => !NAMES.has(name));
  if (stranger !== undefined)
    throw invalid('The body has a parameter other than query, documentId, variables, operationName, extensions');
  const { query, variables, operationName, extensions } = value;
  if (!isOptional(variables, isRecord)) throw invalid('variables must be a JSON object');
  if (!isOptional(operationName, (name) => typeof name === 'string')) throw invalid('operationName must be text');
  if (!isOptional(extensions, isRecord)) throw invalid('extensions must be a JSON object');
  const documentId = idOf(value['documentId'], extensions);
  return {
    ...documentOf(query, documentId),
    ...(documentId !== undefined && { documentId }),
    ...(variables && { variables }),
    ...(operationName && { operationName }),
  };
}

function documentOf(query: unknown, documentId: string | undefined): Pick<ReceivedParams, 'query'> {
  if ((query === undefined || query === null || query === '') && documentId !== undefined) return {};
  if (typeof query !== 'string') throw invalid('query must be text');
  if (query.length <= MOST_CHARACTERS) return { query };
  throw new AppError('LIMIT_EXCEEDED', `The document has more than ${MOST_CHARACTERS} characters`, {
    hint: 'Send values as variables.',
  });
}

/** The id of a registered document, sent as such or in the form of Apollo's clients. */
function idOf(documentId: unknown, extensions: Record<string, unknown> | null | undefined): string | undefined {
  const persisted = extensions?.['persistedQuery'];
  if (!isOptional(persisted, isRecord)) throw invalid('persistedQuery must be a JSON object');
  const hash = persisted?.['sha256Hash'];
  if (!isOptional(documentId, (id) => typeof id === 'string')) throw invalid('documentId must be text');
  if (!isOptional(hash, (id) => typeof id === 'string')) throw invalid('sha256Hash must be text');
  if (documentId && hash) throw invalid('documentId and persistedQuery name a document twice');
  return documentId || hash?.toLowerCase() || undefined;
}

/** GraphQL multipart request specification: `operations`, `map`, then the files. */
async function receiveForm(request: IncomingMessage, folder: string, limits: ParamsLimits): Promise<ReceivedOperation> {
  const { bodySize: fieldSize, fileSize, bodyTime: idle } = limits;
  const form = await readMultipart(request, folder, { fileSize, files: 5, fieldSize, fields: 2, idle });
  const uploads = [...form.files.values()];
  try {
    const size = uploads.reduce((sum, upload) => sum + upload.size, 0);
    return { params: paramsOfForm(form), uploads, size };
  } catch (thrown) {
    await dropUploads(uploads);
    throw thrown;
  }
}

function paramsOfForm({ fields, files }: Multipart): ReceivedParams {
  const operations = fields.get('operations');
  const map = fields.get('map');
  if (operations === undefined || map === undefined) throw invalid('The form needs the fields operations and map');
  const params = paramsOf(parseJsonBody(Buffer.from(operations), ''));
  const places = parseJsonBody(Buffer.from(map), '');
  if (!isRecord(places)) throw invalid('map must be a JSON object');
  for (const [name, paths] of Object.entries(places)) {
    const file = files.get(name);
    if (file === undefined || !Array.isArray(paths)) throw invalid('map must list, by file, the places it goes to');
    for (const path of paths) place(params, path, file);
  }
  return params;
}

/** Puts a file where the operation holds null for it. Only what the client's own JSON holds is walked: never a prototype. */
function place(params: ReceivedParams, path: unknown, file: SpooledUpload): void {
  const [start, ...way] = typeof path === 'string' ? path.split('.') : [];
  const last = way.pop();
  let at: unknown = start === 'variables' ? params.variables : undefined;
  for (const step of way) at = isContainer(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  if (last === undefined || !isContainer(at) || !Object.hasOwn(at, last) || at[last] !== null) {
    throw invalid('map must name places in variables that hold null');
  }
  at[last] = file;
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof Blob);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return isContainer(value) && !Array.isArray(value);
}

function isOptional<T>(value: unknown, accepts: (value: unknown) => value is T): value is T | null | undefined {
  return value === undefined || value === null || accepts(value);
}

function invalid(message: string): AppError {
  return new AppError('BAD_USER_INPUT', message);
}
