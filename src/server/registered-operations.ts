/**
 * Documents that clients may name instead of sending: every operation of the `.graphql` files in some folders. They are
 * read once, at start; no request can add one.
 */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  type DefinitionNode,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  parse,
  print,
  Source,
  separateOperations,
  specifiedRules,
  validate,
} from 'graphql';
import { PROJECT_ROOT } from '../kernel/config.ts';
import { AppError } from '../kernel/errors.ts';
import { hashBytes } from '../kernel/hash.ts';
import { DOCUMENT_LIMITS, exceededLimit, MOST_TOKENS } from './document-limits.ts';

/** The project's own documents, registered always. */
export const OWN_OPERATIONS = join(PROJECT_ROOT, 'operations');

export interface RegisteredOperation {
  readonly name: string;
  /** SHA-256 of `text`, in hexadecimal. */
  readonly hash: string;
  /** The operation and the fragments that it uses, as {@link operationText} writes them. */
  readonly text: string;
  /** Path within its folder's own name, such as `operations/dashboard.graphql`. */
  readonly file: string;
}

export interface RegisteredOperations {
  /** By name. */
  readonly all: readonly RegisteredOperation[];
  /** By the operation's name or hash; by the hash of its whole file, where `name` says which of the file's is meant. */
  readonly find: (id: string, name?: string) => RegisteredOperation | undefined;
}

interface OperationFile {
  readonly hash: string;
  readonly operations: readonly RegisteredOperation[];
}

/**
 * Reads the folders and checks every document against the schema and the limits of documents.
 * @throws AppError CONFIG_INVALID with the file and line of every fault: a document that is wrong would fail when it is needed
 */
export async function readRegisteredOperations(
  schema: GraphQLSchema,
  folders: readonly string[],
): Promise<RegisteredOperations> {
  const faults: string[] = [];
  const files: OperationFile[] = [];
  for (const folder of folders)
    for (const path of await documentsOf(folder)) {
      const file = join(basename(folder), path);
      files.push(readDocument(schema, file, await readFile(join(folder, path), 'utf8'), faults));
    }
  const byId = new Map<string, RegisteredOperation>();
  for (const operation of files.flatMap(({ operations }) => operations)) {
    const known = byId.get(operation.name);
    if (known !== undefined) faults.push(`${operation.file}: ${operation.name} is registered by ${known.file}`);
    byId.set(operation.name, operation).set(operation.hash, operation);
  }
  if (faults.length > 0) {
    throw new AppError('CONFIG_INVALID', `Documents that cannot be registered:\n${faults.map(asLine).join('\n')}`, {
      hint: 'Correct them, or take them out of the folder, and start again.',
    });
  }
  const byFile = new Map(files.map(({ hash, operations }) => [hash, operations]));
  return {
    all: files.flatMap(({ operations }) => operations).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    find: (id, name) => {
      const inFile = byFile.get(id);
      if (inFile === undefined) return byId.get(id);
      return name === undefined && inFile.length === 1 ? inFile[0] : inFile.find((one) => one.name === name);
    },
  };
}

const asLine = (fault: string): string => `  - ${fault}`;

async function documentsOf(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder, { recursive: true });
    return names.filter((name) => name.endsWith('.graphql')).sort();
  } catch (cause) {
    throw new AppError('CONFIG_INVALID', `The folder of documents to register cannot be read: ${folder}`, {
      cause,
      hint: 'Set CAIRN_OPERATIONS_DIR to a folder that exists, or to nothing.',
    });
  }
}

function readDocument(schema: GraphQLSchema, file: string, text: string, faults: string[]): OperationFile {
  const document = parseOrTell(file, text, faults);
  if (document === undefined) return { hash: hashBytes(text), operations: [] };
  const tell = ({ message, locations }: GraphQLError): void => {
    faults.push(`${file}:${locations?.[0]?.line ?? 1}: ${message}`);
  };
  for (const node of document.definitions)
    if (node.kind === Kind.OPERATION_DEFINITION && node.name === undefined)
      tell(new GraphQLError('An operation needs a name to be registered', { nodes: node }));
  // Beside what is wrong in the file as a whole, what is too much in one of its operations.
  for (const error of validate(schema, document, specifiedRules)) tell(error);
  const operations = Object.entries(separateOperations(document)).map(([name, own]) => {
    const exceeded = exceededLimit(own, DOCUMENT_LIMITS);
    if (exceeded !== undefined) faults.push(`${file}: ${name} ${exceeded}`);
    const printed = operationText(own);
    if (parseWithin(printed) === undefined) faults.push(`${file}: ${name} has more than ${MOST_TOKENS} tokens`);
    return { name, hash: hashBytes(printed), text: printed, file };
  });
  return { hash: hashBytes(text), operations };
}

function parseOrTell(file: string, text: string, faults: string[]): DocumentNode | undefined {
  try {
    return parse(new Source(text, file));
  } catch (thrown) {
    if (!(thrown instanceof GraphQLError)) throw thrown;
    faults.push(`${file}:${thrown.locations?.[0]?.line ?? 1}: ${thrown.message}`);
    return undefined;
  }
}

/** A document of one operation as graphql prints it: the operation first, then its fragments by name. */
export function operationText(document: DocumentNode): string {
  const rank = (node: DefinitionNode): string => (node.kind === Kind.FRAGMENT_DEFINITION ? node.name.value : '');
  const definitions = document.definitions.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
  return print({ ...document, definitions });
}

/** The document, or undefined for a text that is none or too long to be one. */
export function parseWithin(text: string): DocumentNode | undefined {
  try {
    return parse(text, { maxTokens: MOST_TOKENS });
  } catch (thrown) {
    if (thrown instanceof GraphQLError || thrown instanceof RangeError) return undefined;
    throw thrown;
  }
}
