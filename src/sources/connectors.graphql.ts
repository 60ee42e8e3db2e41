import { builder } from '../graphql/builder.ts';
import type { Connector } from './connector.ts';
import { sourcesSlot } from './sources-house.ts';
import { SOURCES_SCOPE } from './vocabulary.ts';

const ConnectorKey = builder
  .objectRef<{
    readonly name: string;
    readonly title: string;
    readonly description: string;
    readonly isOptional: boolean;
  }>('ConnectorKey')
  .implement({
    description: 'A secret that opens a place: given once, sealed, never shown.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'What it is given as.' }),
      title: t.exposeString('title', { description: 'What people call it.' }),
      description: t.exposeString('description', { description: 'Where it is found.' }),
      isOptional: t.exposeBoolean('isOptional', { description: 'Whether it may be left out.' }),
    }),
  });

/** One kind of source, for GraphQL. */
export const ConnectorType = builder.objectRef<Connector>('Connector').implement({
  description: 'What reads one kind of source.',
  fields: (t) => ({
    name: t.exposeString('id', { description: 'The `sourceType` of its sources, such as dropbox.' }),
    title: t.exposeString('title', { description: 'What people call the place.' }),
    description: t.exposeString('description', { description: 'What it reads.' }),
    capabilities: t.field({
      type: 'JSON',
      description: 'How changes, deletes and renames are told, what it is told by, and whether it is written to.',
      resolve: ({ capabilities }) => ({ ...capabilities }),
    }),
    settings: t.field({
      type: 'JSON',
      description:
        'The JSON Schema of `config`: every value has a title, a description and a default where it may be left out.',
      resolve: ({ settings }) => settingsSchema(settings),
    }),
    oauth: t.exposeString('oauth', {
      nullable: true,
      description: 'The provider that a person signs in at; null where keys open the place, or nothing has to.',
    }),
    keys: t.field({
      type: [ConnectorKey],
      description: 'The secrets that open it.',
      resolve: ({ keys = {} }) =>
        Object.entries(keys).map(([name, { title, description, isOptional = false }]) => ({
          name,
          title,
          description,
          isOptional,
        })),
    }),
  }),
});

/** A schema as JSON has it: what only the code needs of it is left out. */
export const settingsSchema = (schema: object): unknown => JSON.parse(JSON.stringify(schema));

builder.queryField('connectors', (t) =>
  t.field({
    type: [ConnectorType],
    needs: { role: 'viewer', scope: SOURCES_SCOPE },
    description: 'The kinds of sources that there are, by name. Such as `{ connectors { name title settings } }`.',
    resolve: async (_root, _given, context) => [...(await sourcesSlot.get(context).connectors()).connectors.values()],
  }),
);
