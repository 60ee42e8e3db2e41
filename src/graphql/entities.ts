/** The declared types by name. Files declare theirs when they are loaded; names are looked up when the schema is built, so order does not matter. */
import { AppError } from '../kernel/errors.ts';
import { builder } from './builder.ts';
import type { EntityReads, FieldReads, Row } from './entity.ts';

const objectRef = (type: string) => builder.objectRef<Row>(type);
export type RowRef = ReturnType<typeof objectRef>;

interface Registered {
  readonly reads: EntityReads;
  readonly ref: RowRef;
}

const registered = new Map<string, Registered>();

/**
 * Makes the type known under its name and returns its reference.
 * @throws AppError DECLARATION_INVALID when the name is taken or the declaration does not hold together
 */
export function registerEntity(reads: EntityReads): RowRef {
  if (registered.has(reads.type)) throw new AppError('DECLARATION_INVALID', `The type ${reads.type} is declared twice`);
  for (const field of [reads.key, ...reads.order.map(([name]) => name)]) fieldOf(reads, field);
  const ref = objectRef(reads.type);
  registered.set(reads.type, { reads, ref });
  return ref;
}

/** @throws AppError DECLARATION_INVALID when no file declares the type */
function lookUp(type: string): Registered {
  const found = registered.get(type);
  if (found === undefined) throw new AppError('DECLARATION_INVALID', `No file declares the type ${type}`);
  return found;
}

/** How rows of a type are read, by the type's name. @throws AppError DECLARATION_INVALID */
export const entityReads = (type: string): EntityReads => lookUp(type).reads;

/** The GraphQL type, for fields that give it. @throws AppError DECLARATION_INVALID */
export const entityRef = (type: string): RowRef => lookUp(type).ref;

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
