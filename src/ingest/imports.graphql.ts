import { builder } from '../graphql/builder.ts';
import { arrayConnection, connectionOf } from '../graphql/connections.ts';
import { defineEntity, listArguments } from '../graphql/define-entity.ts';
import { entityRef } from '../graphql/entities.ts';
import { faultType, keptFault } from '../graphql/kept-fault.ts';
import { childList } from '../graphql/lists.ts';
import { pageSize } from '../graphql/page.ts';
import { countOf, keyOf } from '../graphql/values.ts';
import { loadJobId } from './import-later.ts';
import { imports } from './imports.read.ts';
import { plannedRejects } from './planned.ts';
import { rejects, rejectsOfImport } from './rejects.read.ts';

const Import = defineEntity(imports);

const ImportFault = faultType('ImportFault', 'Why an import failed. Nothing of a failed import is kept.');

builder.objectFields(Import, (t) => ({
  dryRun: t.boolean({
    description: 'Whether nothing was written: the counts say what an import would do.',
    resolve: (row) => plannedRejects(row) !== undefined,
  }),
  bytesRead: t.float({
    description: 'How much of the file is read, in bytes.',
    resolve: (row) => countOf(row, 'bytes_read') ?? 0,
  }),
  bytesTotal: t.float({
    nullable: true,
    description: 'The size of the file in bytes; null before it is known.',
    resolve: (row) => countOf(row, 'bytes_total'),
  }),
  fileSize: t.float({
    nullable: true,
    description: 'The size of the file in bytes.',
    resolve: (row) => countOf(row, 'file_size'),
  }),
  jobId: t.id({
    nullable: true,
    description:
      'Your job that imports it, for jobProgress and cancelJob; null where its request waited, and a week after its end.',
    resolve: (row, _given, context) => loadJobId(context, keyOf(row, 'import_id') ?? ''),
  }),
  error: t.field({
    type: ImportFault,
    nullable: true,
    description: 'Why it failed.',
    resolve: keptFault,
  }),
  rejects: t.field({
    type: connectionOf(rejects.type, entityRef(rejects.type)).connection,
    description: 'The records that did not pass, in the order asked for; of a dry run its first 100.',
    args: listArguments(rejects),
    complexity: (given) => ({ field: 1, multiplier: pageSize(given) }),
    resolve: (row, given, context, info) => {
      const planned = plannedRejects(row);
      if (planned !== undefined) return arrayConnection(planned, given);
      const place = { owner: imports, target: rejects, name: 'rejects', relation: rejectsOfImport };
      return childList(context, place, keyOf(row, 'import_id') ?? '', given, info);
    },
  }),
}));
