/** A dry run's outcome, kept so that it can be looked at. */
import type pg from 'pg';
import type { Actor } from '../kernel/actor.ts';
import type { Match } from './match.ts';
import type { TakenIn } from './take-in.ts';

export interface NewPlan {
  readonly importId: string;
  readonly path: string;
  readonly match: Match;
  readonly actor: Actor;
  readonly hash: string;
}

export async function keepPlan(client: pg.ClientBase, plan: NewPlan, { counts, firstRejects }: TakenIn): Promise<void> {
  await client.query(
    `INSERT INTO plans (plan_id, dataset, path, file_hash, rules_version, actor,
                        read, inserted, updated, unchanged, rejected, derived, rejects)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      plan.importId,
      plan.match.dataset.name,
      plan.path,
      plan.hash,
      plan.match.dataset.rulesVersion,
      plan.actor.label,
      counts.read,
      counts.inserted,
      counts.updated,
      counts.unchanged,
      counts.rejected,
      counts.derived,
      JSON.stringify(firstRejects),
    ],
  );
}
