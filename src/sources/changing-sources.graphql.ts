import type { GraphQLResolveInfo } from 'graphql';
import { loadByKey } from '../graphql/batches.ts';
import { builder } from '../graphql/builder.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { entityRef } from '../graphql/entities.ts';
import type { EntityReads, Row } from '../graphql/entity.ts';
import { mutate } from '../graphql/mutate.ts';
import { askedColumns, ITSELF } from '../graphql/selection.ts';
import { importerSlot } from '../ingest/importer-slot.ts';
import { AppError } from '../kernel/errors.ts';
import { isJsonObject } from '../kernel/json.ts';
import { rememberGrant } from './connections/let-go.ts';
import { createSource } from './create-source.ts';
import { connectorOf } from './registry.ts';
import { refused } from './source-input.ts';
import { CreateDataSourceInput, UpdateDataSourceInput } from './source-inputs.ts';
import { sources } from './sources.read.ts';
import { changeSource, type DeletedSource, deleteSource, type SourcePatch } from './sources.write.ts';
import { sourcesSlot } from './sources-house.ts';
import { SOURCES_SCOPE } from './vocabulary.ts';

export const MAY_CHANGE = { role: 'editor', scope: SOURCES_SCOPE } as const;

/** A row that a mutation has just written. */
export async function rowNow(
  context: GraphqlContext,
  reads: EntityReads,
  key: string,
  info: GraphQLResolveInfo,
): Promise<Row> {
  const row = await loadByKey(context, reads, key, askedColumns(reads, info, [ITSELF]));
  if (row !== null) return row;
  throw gone(reads);
}

const gone = ({ type }: EntityReads): AppError =>
  new AppError('CONFLICT', `The ${type} was deleted at the same moment`);

export const toolsOf = (context: GraphqlContext) => ({
  datasets: new Set(importerSlot.get(context).ingest.datasets.keys()),
});

interface AskedChange {
  readonly sourceId: string;
  readonly patch: SourcePatch;
  readonly ifVersion?: number | null | undefined;
}

/** Changes a source by its key, once per Idempotency-Key; its row, null where the actor sees it no more. */
async function change(context: GraphqlContext, info: GraphQLResolveInfo, asked: AskedChange): Promise<Row | null> {
  const { connectors } = await sourcesSlot.get(context).connectors();
  const connector = (type: string) => connectors.get(type);
  await mutate(
    context,
    async ({ query }) => {
      await changeSource(query, toolsOf(context), context.actor, { ...asked, connector });
      return null;
    },
    info,
  );
  return loadByKey(context, sources, asked.sourceId, askedColumns(sources, info, [ITSELF]));
}

async function changed(context: GraphqlContext, info: GraphQLResolveInfo, asked: AskedChange): Promise<Row> {
  const row = await change(context, info, asked);
  if (row !== null) return row;
  throw gone(sources);
}

const DeleteDataSourcePayload = builder.objectRef<DeletedSource>('DeleteDataSourcePayload').implement({
  description: 'What went with a source, and what stays.',
  fields: (t) => ({
    sourceId: t.exposeID('sourceId', { description: 'Its key.' }),
    name: t.exposeString('name', { description: 'What it was called.' }),
    documents: t.exposeInt('documents', {
      description: 'Documents that went with it; the history keeps what they were.',
    }),
    items: t.exposeInt('items', { description: 'Items that are forgotten.' }),
    rowsKept: t.exposeInt('rowsKept', {
      description: 'Items whose rows stay in their datasets: a source that is gone deletes none.',
    }),
  }),
});

/** Asked for when the schema is made: the type is declared in a file that may be read later. */
const ofSource = () =>
  ({ needs: MAY_CHANGE, extensions: { repeatable: true }, type: entityRef(sources.type) }) as const;
const OWNERS = 'Your own; administrators also what is shared.';
const sourceId = builder.args((t) => ({ sourceId: t.id({ required: true, description: 'The key of the source.' }) }));
const ifVersion = builder.args((t) => ({
  ifVersion: t.int({ description: 'The version that you saw: CONFLICT if it is another by now.' }),
}));

builder.mutationFields((t) => ({
  createDataSource: t.field({
    ...ofSource(),
    description:
      'Adds a source and speaks with it; where a person has to sign in first it is PENDING. `connectionStatus` and `error` say what came of it. Such as `mutation { createDataSource(input: { name: "Research", sourceType: "folder", config: { path: "/srv/research" } }) { sourceId connectionStatus error { message } } }`.',
    args: { input: t.arg({ type: CreateDataSourceInput, required: true, description: 'The source.' }) },
    resolve: async (_root, { input }, context, info) => {
      const house = sourcesSlot.get(context);
      const { sourceType, keys, ...wanted } = input;
      const connector = connectorOf(await house.connectors(), sourceType);
      if (keys != null && !isJsonObject(keys)) throw refused('keys', 'are an object of texts');
      const { sourceId: key } = await createSource(
        house,
        toolsOf(context),
        context.actor,
        { ...wanted, connector, keys: keys ?? undefined },
        (write) => mutate(context, write, info),
      );
      await context.reads.refresh();
      return rowNow(context, sources, key, info);
    },
  }),
  updateDataSource: t.field({
    ...ofSource(),
    description: `Changes a source. ${OWNERS} Such as \`mutation ($source: ID!) { updateDataSource(sourceId: $source, patch: { syncFrequency: "hourly" }, ifVersion: 1) { version nextRunAt } }\`.`,
    args: {
      ...sourceId,
      patch: t.arg({ type: UpdateDataSourceInput, required: true, description: 'What to change.' }),
      ...ifVersion,
    },
    resolve: (_root, given, context, info) => changed(context, info, given),
  }),
  pauseDataSource: t.field({
    ...ofSource(),
    description: `Pauses a source: nothing syncs it by itself. ${OWNERS} Such as \`mutation ($source: ID!) { pauseDataSource(sourceId: $source) { isActive } }\`.`,
    args: sourceId,
    resolve: (_root, given, context, info) => changed(context, info, { ...given, patch: { isActive: false } }),
  }),
  resumeDataSource: t.field({
    ...ofSource(),
    description: `Lets a paused source be synced again. ${OWNERS} Such as \`mutation ($source: ID!) { resumeDataSource(sourceId: $source) { isActive nextRunAt } }\`.`,
    args: sourceId,
    resolve: (_root, given, context, info) => changed(context, info, { ...given, patch: { isActive: true } }),
  }),
  shareDataSource: t.field({
    ...ofSource(),
    description: `Shares a source with the team: everybody sees it, and datasets take in what they claim. ${OWNERS} Such as \`mutation ($source: ID!) { shareDataSource(sourceId: $source) { isShared } }\`.`,
    args: sourceId,
    resolve: (_root, given, context, info) => changed(context, info, { ...given, patch: { isShared: true } }),
  }),
  unshareDataSource: t.field({
    ...ofSource(),
    nullable: true,
    description: `Makes a source its owner’s alone again; rows that datasets took from it stay. Null where it is not yours. ${OWNERS} Such as \`mutation ($source: ID!) { unshareDataSource(sourceId: $source) { isShared } }\`.`,
    args: sourceId,
    // An administrator puts another's out of their own sight.
    resolve: (_root, given, context, info) => change(context, info, { ...given, patch: { isShared: false } }),
  }),
  deleteDataSource: t.field({
    type: DeleteDataSourcePayload,
    needs: MAY_CHANGE,
    extensions: { repeatable: true },
    description: `Deletes a source with its items, documents and schedules, and ends its syncs. Rows that datasets took from it stay. ${OWNERS} Such as \`mutation ($source: ID!) { deleteDataSource(sourceId: $source) { documents items rowsKept } }\`.`,
    args: { ...sourceId, ...ifVersion },
    resolve: async (_root, { sourceId: key, ifVersion: seen }, context, info) => {
      const endThere = await rememberGrant(sourcesSlot.get(context), context.actor, key);
      const gone = await mutate(context, ({ query }) => deleteSource(query, context.actor, key, seen), info);
      await endThere();
      return gone;
    },
  }),
}));
