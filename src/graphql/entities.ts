/** The declared types by name. Files declare theirs when they are loaded; names are looked up when the schema is built, so order does not matter. */
import { AppError } from '../kernel/errors.ts';
import type { builder } from './builder.ts';
import type { EntityReads, FieldReads, Row } from './entity.ts';

/** The builder itself is not loaded here: who writes rows to files reads declarations, and needs no schema. */
export type RowRef = ReturnType<typeof builder.objectRef<Row>>;

interface Registered {
  readonly reads: EntityReads;
  /** Absent until a schema is made of the type. */
  readonly ref?: RowRef;
}

const registered = new Map<string, Registered>();

/**
 * Makes the type known under its name; again, nothing changes.
 * @throws AppError DECLARATION_INVALID when the name is taken or the declaration does not hold together
 */
export function declareEntity(reads: EntityReads): void {
  const known = registered.get(reads.type);
  if (known?.reads === reads) return;
  if (known !== undefined) throw declaredTwice(reads);
  for (const field of [reads.key, ...reads.order.map(([name]) => name)]) fieldOf(reads, field);
  registered.set(reads.type, { reads });
}

/** As {@link declareEntity}, with the type's reference. @throws AppError DECLARATION_INVALID */
export function registerEntity(reads: EntityReads, ref: RowRef): void {
  if (registered.get(reads.type)?.ref !== undefined) throw declaredTwice(reads);
  declareEntity(reads);
  registered.set(reads.type, { reads, ref });
}

const declaredTwice = ({ type }: EntityReads): AppError =>
  new AppError('DECLARATION_INVALID', `The type ${type} is declared twice`);

/** Whether what a file exports is a declaration of a type. */
export const isEntityReads = (value: unknown): value is EntityReads =>
  typeof value === 'object' &&
  value !== null &&
  ['type', 'scope', 'plural', 'table', 'key', 'fields', 'relations', 'order'].every((name) => name in value);

/** @throws AppError DECLARATION_INVALID when no file declares the type */
function lookUp(type: string): Registered {
  const found = registered.get(type);
  if (found === undefined) throw new AppError('DECLARATION_INVALID', `No file declares the type ${type}`);
  return found;
}

/** How rows of a type are read, by the type's name. @throws AppError DECLARATION_INVALID */
export const entityReads = (type: string): EntityReads => lookUp(type).reads;

/** The GraphQL type, for fields that give it. @throws AppError DECLARATION_INVALID */
export function entityRef(type: string): RowRef {
  const { ref } = lookUp(type);
  if (ref !== undefined) return ref;
  throw new AppError('DECLARATION_INVALID', `No schema is made of the type ${type}`);
}

/** Every declared type, in the order of declaration: complete once all files are loaded. */
export const declaredEntities = (): readonly EntityReads[] => [...registered.values()].map(({ reads }) => reads);

/** Whether a type of this name is declared: what comes from a client is asked this first. */
export const isEntity = (type: string): boolean => registered.has(type);

/** A field of a declaration by its name. @throws AppError DECLARATION_INVALID */
export function fieldOf(reads: EntityReads, name: string): FieldReads {
  const field = reads.fields[name];
  if (field === undefined) throw new AppError('DECLARATION_INVALID', `The type ${reads.type} has no field ${name}`);
  return field;
}

/** The column of the business key. */
export const keyColumn = (reads: EntityReads): string => fieldOf(reads, reads.key).column;

/** What people call many rows of the type. */
export const inWords = ({ words, plural }: EntityReads): string => words ?? plural;
