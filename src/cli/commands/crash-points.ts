/** `cairn crash-points`: the places where a process can be made to kill itself, for those who test that nothing comes of it. */
import { Command } from 'commander';
import { CRASH_POINTS } from '../../kernel/crash-point.ts';
import type { CommandContext } from '../context.ts';

export function crashPointsCommand({ terminal, finish }: CommandContext): Command {
  return new Command('crash-points')
    .summary('list where a kill can be tried')
    .description('Lists the crash points: places in the code where a kill leaves the most half done.')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
CAIRN_CRASH=NAME:HIT kills the process at the HIT-th time that it comes by the point, CAIRN_CRASH=NAME:HIT:pause stops it
there until it gets SIGCONT, and CAIRN_CRASH=trace writes a line to standard error at every point. Without that setting
they do nothing. npm run faults goes through all of them.

Examples:
  npm run -s cairn -- crash-points
  CAIRN_CRASH=import.batch:2 npm run -s cairn -- import samples`,
    )
    .action(({ json }: { readonly json?: boolean }) => {
      const points = Object.entries(CRASH_POINTS).map(([name, leaves]) => ({ name, leaves }));
      const width = Math.max(...points.map(({ name }) => name.length));
      if (json) terminal.print(JSON.stringify({ crashPoints: points }));
      else terminal.print(points.map(({ name, leaves }) => `${name.padEnd(width)}  ${leaves}`).join('\n'));
      finish(0);
    });
}
