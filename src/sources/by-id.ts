/** `id` in the query of an address, as the system has it that these routes replace. */
import Type, { type TObject } from 'typebox';
import type { Received } from '../http/route-facts.ts';
import type { RestEntity } from '../rest/entity.ts';
import type { RestRoute } from '../rest/route.ts';

/** The parameter, beside those of a list. */
export const ID = (entity: RestEntity) =>
  Type.String({ format: 'uuid', description: `The \`${entity.key.name}\`.`, examples: [entity.example] });

/** A list that answers one row, as the other route does, where the query names it by `id`. */
export function listOrRow(entity: RestEntity, list: RestRoute, row: RestRoute, aliases: readonly string[]): RestRoute {
  const query: TObject = Type.Object({ ...list.query?.properties, id: Type.Optional(ID(entity)) });
  return {
    ...list,
    aliases,
    query,
    description: `${list.description ?? list.summary} With \`id\` it answers that one row.`,
    check: (received) => {
      const id = received.url.searchParams.get('id');
      return id === null ? list.check(received) : row.check(namedBy(entity, received, id));
    },
  };
}

function namedBy({ key }: RestEntity, received: Received, id: string): Received {
  const url = new URL(received.url);
  url.searchParams.delete('id');
  return { ...received, url, params: { [key.name]: id } };
}
