/** Hostile clients of every class at once, and what the server made of each. */
import { join } from 'node:path';
import { askChild } from '../clients/child.ts';
import type { Outcome } from './attacks/attack.ts';

export interface HostileRequest {
  readonly url: string;
  readonly viewers: readonly [string, ...string[]];
  readonly editor: string;
  readonly seed: number;
  /** Each class is tried at least once, however few they are. */
  readonly seconds: number;
  /** Classes whose name begins so; all of them unless given. */
  readonly only?: string;
}

export interface AttackFigures {
  readonly name: string;
  readonly tried: number;
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
  /** Outcomes that this class must not have. */
  readonly wrong: number;
}

export interface HostileFigures {
  readonly attacks: readonly AttackFigures[];
  /** Processors that their process kept busy. */
  readonly processors: number;
}

/** Attacks from a process of its own. */
export const attack = (request: HostileRequest): Promise<HostileFigures> =>
  askChild<HostileRequest, HostileFigures>(join(import.meta.dirname, 'hostile-process.ts'), request);
