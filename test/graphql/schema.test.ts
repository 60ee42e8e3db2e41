/** The schema as a product: what clients send fits it, and everything in it says what it is. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  parse,
  validate,
  validateSchema,
} from 'graphql';
import { expect, test } from 'vitest';
import { defineEntity } from '../../src/graphql/define-entity.ts';
import { entityReads, entityRef } from '../../src/graphql/entities.ts';
import { loadSchema } from '../../src/server/schema.ts';

const schema = await loadSchema();
const FOLDER = join(import.meta.dirname, '..', 'contract-documents');

test.each((await readdir(FOLDER)).filter((name) => name.endsWith('.graphql')))(
  'every document of the contract’s %s fits the schema',
  async (name) => {
    const document = parse(await readFile(join(FOLDER, name), 'utf8'));
    expect(validate(schema, document)).toEqual([]);
  },
);

function undescribed(type: GraphQLNamedType): string[] {
  const missing = type.description ? [] : [type.name];
  if (isEnumType(type)) {
    missing.push(
      ...type
        .getValues()
        .filter(({ description }) => !description)
        .map(({ name }) => `${type.name}.${name}`),
    );
  }
  if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) {
    for (const field of Object.values(type.getFields())) {
      const path = `${type.name}.${field.name}`;
      if (!field.description) missing.push(path);
      for (const argument of 'args' in field ? field.args : []) {
        if (!argument.description) missing.push(`${path}(${argument.name})`);
      }
    }
  }
  return missing;
}

test('every type, field, argument and value is described', () => {
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  );
  expect(types.flatMap(undescribed)).toEqual([]);
});

test('the schema holds together', () => {
  expect(validateSchema(schema)).toEqual([]);
});

test('a type declared twice, or by nobody, is refused by its name', () => {
  expect(() => defineEntity(entityReads('Video'))).toThrow('Video is declared twice');
  expect(() => entityRef('Nothing')).toThrow('No file declares the type Nothing');
});
