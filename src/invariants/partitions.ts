/** The change log has a partition for every month that it holds and for the months ahead. */
import { countOf, faultsOf, type Invariant, plural, together } from './invariant.ts';

export const partitions: Invariant = {
  name: 'partitions',
  holds: 'every month of the change log has its partition',
  advice:
    'Start Cairn: every start and the upkeep make the partitions. Changes in the default one came with a clock far off.',
  async look({ client }) {
    const looks = [
      await faultsOf(
        client,
        `SELECT 'there is no partition ' || name AS fault
           FROM (SELECT 'change_log_' || to_char(date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => ahead), 'YYYY_MM') AS name
                   FROM generate_series(0, 1) ahead) due
          WHERE to_regclass('public.' || name) IS NULL`,
      ),
      await faultsOf(
        client,
        `SELECT format('change %s of %s lies in the default partition', id, changed_at) AS fault
           FROM change_log WHERE tableoid = to_regclass('public.change_log_default')`,
      ),
    ];
    const count = await countOf(client, "SELECT count(*) FROM pg_inherits WHERE inhparent = 'change_log'::regclass");
    return together(plural(count, 'partition'), looks);
  },
};
