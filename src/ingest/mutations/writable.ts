/** What a person may write of a type: the fields that its dataset reads, under the names that the API gives them. */
import { fieldOf } from '../../graphql/entities.ts';
import type { EntityReads, FieldReads } from '../../graphql/entity.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Dataset } from '../dataset.ts';

export interface WritableField {
  /** In the API, such as `createdDate`. */
  readonly name: string;
  readonly column: string;
  readonly reads: FieldReads;
  /** A new row needs it: its own rule or its table's says so, and nothing stands in for it. */
  readonly required: boolean;
  /** Null empties it. */
  readonly clearable: boolean;
  /** The table whose key it holds. */
  readonly target: string | undefined;
}

export interface Writable {
  readonly reads: EntityReads;
  readonly dataset: Dataset;
  readonly key: WritableField;
  /** The key among them. */
  readonly fields: readonly WritableField[];
  /** The JSON column for what no field claims. */
  readonly rest: string | undefined;
}

/**
 * The fields of `reads` that records of `dataset` give.
 * @throws AppError DECLARATION_INVALID when the two are not of one table and one key
 */
export function writableOf(reads: EntityReads, dataset: Dataset): Writable {
  const keyColumn = fieldOf(reads, reads.key).column;
  const { rest } = dataset;
  const fields = Object.entries(reads.fields)
    .filter(([, { column }]) => dataset.fields[column] !== undefined || column === rest)
    .map(([name, field]): WritableField => {
      const { column, nullable } = field;
      const rules = dataset.fields[column];
      return {
        name,
        column,
        reads: field,
        required: column === keyColumn || rules?.required === true,
        // Columns that are never NULL keep their value; the one for what no field claims is emptied.
        clearable: nullable || column === rest,
        target: rules?.target,
      };
    });
  const key = fields.find(({ column }) => column === keyColumn);
  if (key !== undefined && dataset.table === reads.table && dataset.key.join() === keyColumn)
    return { reads, dataset, key, fields, rest };
  throw new AppError('DECLARATION_INVALID', `The type ${reads.type} is not what the dataset ${dataset.name} holds`);
}
