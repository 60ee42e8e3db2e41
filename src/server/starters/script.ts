/** What a nightly script sends, and what it looks at afterwards. */
import type { StarterQuery } from './starter.ts';

export const SCRIPT: readonly StarterQuery[] = [
  {
    query: `# Script: import a folder inside the import roots. With dryRun nothing is written.
mutation ImportFolder($input: ImportFolderInput!) {
  importFolder(input: $input) {
    totals { files read inserted updated unchanged rejected derived }
    imports(first: 100) { nodes { importId dataset path status read inserted updated unchanged rejected derived } }
    skipped(first: 100) { nodes { path reason } }
  }
}
`,
    variables: { input: { path: '.', dryRun: true } },
  },
  {
    query: `# Script: what was imported last, and the records that did not pass, with their reasons.
query Imports($first: Int) {
  imports(first: $first) {
    totalCount
    nodes { importId dataset path status read inserted updated unchanged rejected derived startedAt finishedAt actor }
  }
  rejects(first: $first, where: { status: { equals: OPEN } }) {
    totalCount
    nodes { line raw status dataset import { path } errors { field code message value } }
  }
}
`,
    variables: { first: 20 },
  },
  {
    query: `# Script: every dataset: where its rows are, its fields, and what waits to be fixed.
query Datasets {
  datasets {
    name
    title
    table
    key
    rows
    openRejects
    lastImport { importId finishedAt }
    fields { name type required description }
  }
}
`,
  },
];
