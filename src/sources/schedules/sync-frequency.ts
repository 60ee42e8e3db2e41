/** What a source's `sync_frequency` says, in the words of people: `5 minutes`, `hourly`, `daily`, a cron, `manual`. */
import { AppError } from '../../kernel/errors.ts';
import { checkedTiming, type Timing } from './timing.ts';

const NAMED: Readonly<Record<string, string>> = {
  hourly: '0 * * * *',
  daily: '0 3 * * *',
  nightly: '0 3 * * *',
  weekly: '0 3 * * 0',
};

const SECONDS: Readonly<Record<string, number>> = { minute: 60, hour: 3_600, day: 86_400, week: 604_800 };

const EVERY = /^(?:every )?(?:(\d{1,6}) ?)?(minute|hour|day|week)s?$/;

/**
 * The timing that these words ask for; null of words that ask for none.
 * @throws AppError BAD_USER_INPUT
 */
export function timingOf(words: string | null, timeZone?: string | null): Timing | null {
  const asked = words?.trim().toLowerCase() ?? '';
  if (asked === '' || asked === 'manual') return null;
  const [, count = '1', unit] = EVERY.exec(asked) ?? [];
  if (unit !== undefined) return checkedTiming({ intervalSeconds: Number(count) * (SECONDS[unit] ?? 0), timeZone });
  const cron = NAMED[asked] ?? asked;
  if (!/^\S+( +\S+){4}$/.test(cron)) {
    throw new AppError('BAD_USER_INPUT', `${JSON.stringify(asked.slice(0, 100))} is no frequency`, {
      path: 'syncFrequency',
      hint: 'Say "5 minutes", "hourly", "daily", "weekly", "manual", or a cron such as "0 3 * * *".',
    });
  }
  return checkedTiming({ cron, timeZone });
}
