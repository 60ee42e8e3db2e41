/** `cairn export`: datasets, lists, queries and saved exports as files. */
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { FORMAT_NAMES } from '../../exports/formats.ts';
import { checkedRequest, type ExportChoices } from '../../exports/request.ts';
import { findSaved, requestOf } from '../../exports/saved.ts';
import { type ExportedFile, exportToFolder, type FileRequest } from '../../exports/to-folder.ts';
import { AppError } from '../../kernel/errors.ts';
import type { CommandContext } from '../context.ts';
import { type ExportHouse, withExports } from '../export-house.ts';
import { count, plural, renderTable } from '../table.ts';

interface Options {
  readonly all?: boolean;
  readonly to: string;
  readonly format?: string;
  readonly where?: string;
  readonly orderBy?: string;
  readonly fields?: string;
  readonly first?: string;
  readonly delimiter?: string;
  readonly bom?: boolean;
  readonly escapeFormulas?: boolean;
  readonly json?: boolean;
}

export function exportCommand(context: CommandContext): Command {
  return new Command('export')
    .summary('write rows to files')
    .description(
      'Writes datasets, lists and saved exports to files, all on one snapshot. What it writes imports again.',
    )
    .argument('[name...]', 'datasets, lists, or exports that have a name')
    .option('--all', 'every dataset')
    .requiredOption('--to <dir>', 'the folder, made if there is none; files of the same name are replaced')
    .addOption(new Option('--format <format>', 'csv unless given; of a saved export its own').choices(FORMAT_NAMES))
    .option('--where <json>', 'only rows like this, as GraphQL has it: \'{"status": {"equals": "ACTIVE"}}\'')
    .option('--order-by <json>', 'in this order, as GraphQL has it: \'[{"createdDate": "DESC"}]\'; by key unless given')
    .option('--fields <names>', 'only these columns, separated by commas')
    .option('--first <number>', 'only so many rows')
    .option('--delimiter <character>', 'CSV: what separates cells, one of , ; | and a tab')
    .option('--bom', 'CSV: a mark that tells spreadsheets it is UTF-8')
    .option('--escape-formulas', 'CSV and Excel: texts that a spreadsheet would run become plain text')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  npm run -s cairn -- export videos --to ~/out
  npm run -s cairn -- export --all --to ~/out --format jsonl
  npm run -s cairn -- export researches_latest --to ~/out

Exit code: 0 all written, 2 nothing was; what was there before is then as it was.`,
    )
    .action(async (names: string[], options: Options) => {
      await withExports(context, async (house) => {
        const files = await filesOf(house, names, options);
        const folder = resolve(context.folder, options.to);
        const { signal } = context.interruption;
        const written = await exportToFolder(house.context, house.exporter, files, folder, { signal });
        report(context, folder, written, options.json === true);
        context.finish(0);
      });
    });
}

async function filesOf(
  { context, exporter }: ExportHouse,
  names: readonly string[],
  options: Options,
): Promise<FileRequest[]> {
  const catalogue = await exporter.catalogue();
  const { datasets } = catalogue.registry;
  if (options.all === names.length > 0) {
    throw new AppError('BAD_USER_INPUT', 'Name what is exported, or ask for --all', {
      hint: 'cairn exports lists the names.',
    });
  }
  const choices = choicesOf(options);
  const wanted = options.all ? [...datasets.keys()].sort() : names;
  const files: FileRequest[] = [];
  for (const name of new Set(wanted)) {
    const saved = datasets.has(name) ? undefined : await findSaved(context.reads.query, catalogue, name);
    if (saved === undefined) files.push({ request: checkedRequest(name, options.format ?? 'csv', choices) });
    else {
      const request = requestOf({ ...saved, ...given(choices) }, options.format);
      files.push({ request, name });
    }
  }
  return files;
}

/** What is not given leaves the saved one's. */
const given = (choices: ExportChoices): ExportChoices =>
  Object.fromEntries(Object.entries(choices).filter(([, value]) => value !== undefined));

function choicesOf(options: Options): ExportChoices {
  const { delimiter, bom, escapeFormulas } = options;
  const isAny = [delimiter, bom, escapeFormulas].some((each) => each !== undefined);
  return {
    where: json(options.where, '--where'),
    orderBy: json(options.orderBy, '--order-by'),
    fields: options.fields?.split(',').map((name) => name.trim()),
    first: options.first === undefined ? undefined : Number(options.first),
    options: isAny ? { delimiter: delimiter === '\\t' ? '\t' : delimiter, bom, escapeFormulas } : undefined,
  };
}

function json(text: string | undefined, option: string): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('BAD_USER_INPUT', `${option} is no JSON`, { cause, path: option });
  }
}

function report({ terminal }: CommandContext, folder: string, files: readonly ExportedFile[], asJson: boolean): void {
  if (asJson) {
    const shown = files.map(({ exportId, ...file }) => ({ id: exportId, ...file }));
    terminal.print(JSON.stringify({ folder, exports: shown }));
    return;
  }
  const rows = files.map(({ path, rows: written, bytes }) => [
    path.slice(folder.length + 1),
    count(written),
    count(bytes),
  ]);
  const columns = [
    { head: 'file' },
    { head: 'rows', align: 'right' as const },
    { head: 'bytes', align: 'right' as const },
  ];
  terminal.print(`${renderTable(terminal, columns, rows)}\n\n${plural(files.length, 'file')} in ${folder}`);
}
