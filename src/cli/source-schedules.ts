/** `cairn sources schedules`: when what is asked for. */
import { Command } from 'commander';
import { readSession } from '../database/session.ts';
import { addReadyMade } from '../sources/schedules/ready-made.ts';
import type { CommandContext } from './context.ts';
import { type SourcesCommandHouse, withSources } from './sources-house.ts';
import { plural, renderTable } from './table.ts';

interface Options {
  readonly readyMade?: boolean;
  readonly timeZone?: string;
  readonly json?: boolean;
}

export function schedulesCommand(context: CommandContext): Command {
  return new Command('schedules')
    .description('Lists schedules. A server, or a worker, does what they say.')
    .option(
      '--ready-made',
      'make those that a research team needs, unless they are there: a full sync every night, a sync every five minutes, exports every hour, a clean-up of the logs every week',
    )
    .option(
      '--time-zone <zone>',
      'with --ready-made: where their clocks stand, such as Europe/Vienna; UTC unless given',
    )
    .option('--json', 'print one JSON object')
    .action(({ readyMade, timeZone, json }: Options) =>
      withSources(context, async (house) => {
        const made = readyMade ? await house.write(({ query }) => addReadyMade(query, context.actor, timeZone)) : [];
        const schedules = await listSchedules(house, context);
        if (json) context.terminal.print(JSON.stringify({ made, schedules }));
        else {
          if (readyMade)
            context.terminal.note(
              made.length === 0 ? 'All of them are there.' : `${plural(made.length, 'schedule')} made.`,
            );
          context.terminal.print(table(context, schedules));
        }
        context.finish(0);
      }),
    );
}

interface Listed {
  readonly schedule_id: string;
  readonly name: string;
  readonly job_kind: string;
  readonly source: string | null;
  readonly frequency: string;
  readonly cron: string | null;
  readonly time_zone: string;
  readonly interval_seconds: number | null;
  readonly is_active: boolean;
  readonly next_run_at: Date | null;
  readonly last_run_at: Date | null;
  readonly last_status: string | null;
}

const listSchedules = ({ database }: SourcesCommandHouse, { actor }: CommandContext): Promise<Listed[]> =>
  readSession(database.read, actor, (query) =>
    query<Listed & Record<string, unknown>>(
      'schedules for the command line',
      `SELECT s.schedule_id, s.name, s.job_kind, d.name AS source, s.frequency, s.cron, s.time_zone, s.interval_seconds, s.is_active,
              s.next_run_at, s.last_run_at,
              (SELECT r.status FROM schedule_runs r WHERE r.schedule_id = s.schedule_id ORDER BY r.fired_at DESC, r.run_id LIMIT 1) AS last_status
         FROM scheduled_syncs s
         LEFT JOIN data_sources d ON d.source_id = s.source_id
        ORDER BY s.created_at, s.id`,
    ),
  );

function table({ terminal }: CommandContext, schedules: readonly Listed[]): string {
  if (schedules.length === 0)
    return 'There are no schedules. Make the usual ones: npm run -s cairn -- sources schedules --ready-made';
  const minute = (date: Date | null): string => date?.toISOString().slice(0, 16).replace('T', ' ') ?? '–';
  const rows = schedules.map((schedule) => [
    schedule.name,
    schedule.job_kind,
    schedule.source ?? (schedule.job_kind === 'sync' ? 'all' : '–'),
    whenOf(schedule),
    schedule.is_active ? minute(schedule.next_run_at) : 'paused',
    schedule.last_run_at === null ? 'never' : `${minute(schedule.last_run_at)} ${schedule.last_status ?? ''}`.trim(),
  ]);
  return renderTable(
    terminal,
    ['name', 'asks for', 'source', 'when', 'next', 'last'].map((head) => ({ head })),
    rows,
  );
}

function whenOf({ frequency, cron, time_zone: zone, interval_seconds: seconds }: Listed): string {
  if (frequency === 'cron') return `${cron} ${zone}`;
  if (seconds === null) return 'when asked';
  return seconds % 3_600 === 0 ? `every ${seconds / 3_600} h` : `every ${Math.round(seconds / 60)} min`;
}
