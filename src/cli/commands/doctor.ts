/** `cairn doctor`: whether Cairn can work here, and what to do where it cannot. */
import { Command } from 'commander';
import { asAppError } from '../../kernel/errors.ts';
import type { CommandContext } from '../context.ts';
import { checkDeeply } from '../deep-checks.ts';
import { checkDatabase, checkDataFolder, checkDisk, checkNode, type Finding } from '../health-checks.ts';
import { checkKeptFiles } from '../kept-files.ts';
import { checkSources } from '../source-checks.ts';
import type { Style } from '../terminal.ts';

interface Options {
  readonly json?: boolean;
  readonly deep?: boolean;
  readonly root?: readonly string[];
}

export function doctorCommand(context: CommandContext): Command {
  return new Command('doctor')
    .summary('check that everything works here')
    .description(
      'Checks Node, settings, data folder, disk, database, rights, migrations, imports, rejects, jobs and sources.',
    )
    .option(
      '--deep',
      'also check every row, change, import and reference against each other; minutes on a large database',
    )
    .option('--root <folder...>', 'with --deep: compare rows with the files of these folders, beside the import roots')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  npm run -s cairn -- doctor
  npm run -s cairn -- doctor --json
  npm run -s cairn -- doctor --deep --root ~/research

Exit code: 0 everything works (a warning is no fault), 2 something does not.`,
    )
    .action(async ({ json, deep = false, root = [] }: Options) => {
      const findings: Finding[] = [];
      for await (const finding of examine(context, deep, root)) {
        findings.push(finding);
        if (!json) context.terminal.print(describe(context, finding));
      }
      const works = findings.every(({ state }) => state !== 'fail');
      if (json) context.terminal.print(JSON.stringify({ works, checks: findings }));
      context.finish(works ? 0 : 2);
    });
}

/** What cannot be looked at because of an earlier fault is left out: it would only hide that fault. */
async function* examine(context: CommandContext, deep: boolean, roots: readonly string[]): AsyncGenerator<Finding> {
  yield checkNode(process.version);
  const settings = await attempt('settings', async () => context.settings());
  if ('check' in settings) return yield settings;
  const { dataDir, databaseUrl } = settings.value;
  yield {
    check: 'settings',
    state: 'ok',
    found: databaseUrl === undefined ? 'embedded server' : 'server of DATABASE_URL',
  };
  const folder = await checkDataFolder(dataDir);
  yield folder;
  yield await checkDisk(dataDir);
  if (folder.state === 'fail') return;
  const opened = await attempt('database', () => context.openHouse(context.openLog('command')));
  if ('check' in opened) return yield opened;
  try {
    const asked = await attempt('database', () => checkDatabase(opened.value, context.actor));
    if ('check' in asked) yield asked;
    else yield* asked.value;
    if (!('check' in asked)) {
      const kept = await attempt('kept files', () => checkKeptFiles(opened.value, deep));
      yield 'check' in kept ? kept : kept.value;
      const sources = await attempt('sources', () => checkSources(opened.value));
      if ('check' in sources) yield sources;
      else yield* sources.value;
    }
    if (deep && !('check' in asked)) yield* checkDeeply(opened.value, { folder: context.folder, roots });
  } finally {
    await opened.value.close();
  }
}

async function attempt<T>(check: string, work: () => Promise<T>): Promise<{ readonly value: T } | Finding> {
  try {
    return { value: await work() };
  } catch (thrown) {
    const { code, message, hint } = asAppError(thrown);
    return { check, state: 'fail', found: `${code}: ${message}`, ...(hint !== undefined && { advice: hint }) };
  }
}

const STYLES: Record<Finding['state'], Style> = { ok: 'green', warn: 'yellow', fail: 'red' };

/** Where what was found begins: its other lines, and the advice, stand below it. */
const INDENT = `\n${' '.repeat(24)}`;

function describe({ terminal }: CommandContext, { check, state, found, advice }: Finding): string {
  const head = `${terminal.style(STYLES[state], state.padEnd(5))} ${check.padEnd(17)} `;
  return head + [found, ...(advice === undefined ? [] : [advice])].join('\n').replace(/\n\s*/g, INDENT);
}
