/** Scopes in the API: which there are, and how a row shows its own. */
import { builder } from '../graphql/builder.ts';
import { declaredEntities, type RowRef } from '../graphql/entities.ts';

/** The contexts with rows that somebody may be limited to; complete once all files are loaded. */
export function knownScopes(): string[] {
  const owning = declaredEntities().filter(({ limit }) => limit === undefined);
  return [...new Set(owning.map(({ scope }) => scope))].sort();
}

/** Adds `scopes` to a type whose declaration names the column under `needs`. */
export function addScopes(ref: RowRef): void {
  builder.objectField(ref, 'scopes', (t) =>
    t.stringList({
      nullable: true,
      description: 'The contexts whose rows may be seen and changed, such as research; null for all of them.',
      resolve: ({ scopes }) => (Array.isArray(scopes) ? scopes.map(String) : null),
    }),
  );
}
