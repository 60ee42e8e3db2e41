import { builder } from '../graphql/builder.ts';
import { defineEntity } from '../graphql/define-entity.ts';
import { enumRef } from '../graphql/enum-refs.ts';
import { jsonOf } from '../graphql/values.ts';
import { AppError } from '../kernel/errors.ts';
import { isJsonObject, type JsonObject } from '../kernel/json.ts';
import { loadRaw, REJECT_CODE, rejects } from './rejects.read.ts';

const Reject = defineEntity(rejects);

const RejectReason = builder.objectRef<JsonObject>('RejectReason').implement({
  description: 'One reason, about one field or about the whole record.',
  fields: (t) => ({
    field: t.string({
      description: 'The column that the field goes to; empty where the whole record is meant.',
      resolve: ({ field }) => String(field ?? ''),
    }),
    code: t.field({ type: enumRef(REJECT_CODE), description: 'Why.', resolve: ({ code }) => String(code) }),
    message: t.string({ description: 'Why, as a sentence.', resolve: ({ message }) => String(message) }),
    value: t.string({
      nullable: true,
      description: 'The text that did not pass, shortened.',
      resolve: ({ value }) => (value === null || value === undefined ? null : String(value)),
    }),
  }),
});

const DEFAULT_LENGTH = 65_536;
const MOST_LENGTH = 1_048_576;

builder.objectFields(Reject, (t) => ({
  errors: t.field({
    type: [RejectReason],
    description: 'The reasons, one per field.',
    resolve: (row) => {
      const errors = jsonOf(row, 'errors');
      return Array.isArray(errors) ? errors.filter(isJsonObject) : [];
    },
  }),
  raw: t.string({
    description: 'The record as the file has it, read in the file’s encoding.',
    args: {
      maxLength: t.arg.int({
        required: true,
        defaultValue: DEFAULT_LENGTH,
        description: `Characters at most, from 1 to ${MOST_LENGTH}.`,
      }),
    },
    resolve: (row, { maxLength }, context) => {
      if (maxLength >= 1 && maxLength <= MOST_LENGTH) return loadRaw(context, row, maxLength);
      throw new AppError('BAD_USER_INPUT', `maxLength is a number from 1 to ${MOST_LENGTH}`, { path: 'maxLength' });
    },
  }),
}));
