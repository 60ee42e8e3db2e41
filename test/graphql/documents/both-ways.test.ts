/** A compiled document answers what ordinary execution answers, byte for byte, or leaves the answer to it. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../../../src/kernel/actor.ts';
import { loadSchema } from '../../../src/server/schema.ts';
import { askBothWays } from '../../support/both-ways.ts';
import { TESTER, useTestDatabase } from '../../support/database.ts';
import { declaredTypes } from '../../support/every-type.ts';
import { fillLinkedTypes } from '../../support/linked-types.ts';
import { randomDocument } from '../../support/random-documents.ts';

const database = await useTestDatabase();
const ask = askBothWays(database);
const types = declaredTypes(await loadSchema());

const VIEWER: Actor = { kind: 'token', label: 'token:viewer', role: 'viewer' };
const SCOPED: Actor = { kind: 'token', label: 'token:scoped', role: 'viewer', scopes: ['research'] };
const STRANGER: Actor = { kind: 'token', label: 'token:stranger', role: 'viewer', scopes: ['market'] };

beforeAll(() => fillLinkedTypes(database.owner, types));

describe('what is asked by chance is answered alike both ways', () => {
  test.each([
    ['an admin', TESTER, 0.5],
    ['a viewer', VIEWER, 0.2],
    // Half of the types are not theirs: whatever names one of those is left to ordinary execution, which refuses it.
    ['a token with a scope', SCOPED, 0.04],
    ['a token with another scope', STRANGER, 0],
  ])('for %s', async (_who, actor, share) => {
    let asked = 0;
    let compiled = 0;
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (g) => {
        const { query, variables } = randomDocument(g, types);
        const answers = await ask(query, variables, actor);
        asked += 1;
        if (answers.compiled === undefined) return;
        compiled += 1;
        expect(answers.compiled).toBe(answers.ordinary);
      }),
      { numRuns: 50 },
    );
    // What is left to ordinary execution proves nothing.
    expect(compiled).toBeGreaterThanOrEqual(asked * share);
  });
});
