/** The process of hostile clients: every class at once, each on its lanes. */
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerParent } from '../clients/child.ts';
import { busyProcessors } from '../clients/processors.ts';
import { createRandom } from '../random.ts';
import { type Attack, type Field, type Outcome, TOO_MUCH } from './attacks/attack.ts';
import { ATTACKS } from './attacks/attacks.ts';
import type { AttackFigures, HostileFigures, HostileRequest } from './hostile.ts';

/** Who is refused at once tries again after a moment: a loop without one would measure this process. */
const PAUSE_MS = 20;

async function run(request: HostileRequest): Promise<HostileFigures> {
  const { only = '' } = request;
  const ending = new AbortController();
  const agent = new Agent({ keepAlive: true });
  const field: Field = { ...request, random: createRandom(request.seed), agent, signal: ending.signal };
  const busy = busyProcessors();
  const chosen = ATTACKS.filter(({ name }) => name.startsWith(only));
  // A run without attacks would hold all that it promises.
  if (chosen.length === 0) throw new Error(`No attack's name begins with ${only}`);
  const running = chosen.map((attack) => repeatAttack(attack, field));
  await sleep(request.seconds * 1_000);
  ending.abort();
  const attacks = await Promise.all(running);
  agent.destroy();
  return { attacks, processors: busy() };
}

async function repeatAttack(attack: Attack, field: Field): Promise<AttackFigures> {
  const outcomes: Partial<Record<Outcome, number>> = {};
  let tried = 0;
  let wrong = 0;
  const lane = async (): Promise<void> => {
    while (!field.signal.aborted) {
      const outcome = await attack.run(field);
      tried += 1;
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      // Who leaves when the time is up was told nothing.
      if (outcome !== 'left' && ![...attack.may, ...TOO_MUCH].includes(outcome)) wrong += 1;
      if (!field.signal.aborted) await sleep(PAUSE_MS);
    }
  };
  await Promise.all(Array.from({ length: attack.lanes }, lane));
  return { name: attack.name, tried, outcomes, wrong };
}

answerParent(run);
