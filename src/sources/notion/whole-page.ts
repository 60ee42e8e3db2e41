/** A page with all that its properties hold: Notion tells the first 25 values of a list, and does not say that there are more. */
import type { GetPagePropertyResponse, PropertyItemObjectResponse } from '@notionhq/client';
import { createPageGuard } from '../kit/page-guard.ts';
import type { Notion } from './client.ts';
import { PROVIDER } from './errors.ts';
import type { Page } from './objects.ts';

type Property = Page['properties'][string];
type Value<Type extends PropertyItemObjectResponse['type']> = Extract<PropertyItemObjectResponse, { type: Type }>;

const TOLD = 25;

/** @throws ConnectorError */
export async function wholePage(notion: Notion, page: Page): Promise<Page> {
  const properties: Page['properties'] = {};
  for (const [name, property] of Object.entries(page.properties)) {
    properties[name] = lengthOf(property) < TOLD ? property : await whole(notion, page.id, property);
  }
  return { ...page, properties };
}

function lengthOf(property: Property): number {
  switch (property.type) {
    case 'relation':
      return property.relation.length;
    case 'people':
      return property.people.length;
    case 'title':
      return property.title.length;
    case 'rich_text':
      return property.rich_text.length;
    default:
      return 0;
  }
}

async function whole(notion: Notion, pageId: string, property: Property): Promise<Property> {
  const values = await valuesOf(notion, pageId, property.id);
  const of = <Type extends PropertyItemObjectResponse['type']>(type: Type): Value<Type>[] =>
    values.filter((value): value is Value<Type> => value.type === type);
  switch (property.type) {
    case 'relation':
      return { ...property, relation: of('relation').map(({ relation }) => relation) };
    case 'people':
      return { ...property, people: of('people').map(({ people }) => people) };
    case 'title':
      return { ...property, title: of('title').map(({ title }) => title) };
    case 'rich_text':
      return { ...property, rich_text: of('rich_text').map(({ rich_text: text }) => text) };
    default:
      return property;
  }
}

/** Ids of properties are told ready for an address. */
async function valuesOf(notion: Notion, pageId: string, propertyId: string): Promise<PropertyItemObjectResponse[]> {
  const guard = createPageGuard(PROVIDER);
  const found: PropertyItemObjectResponse[] = [];
  for (let cursor: string | undefined; ; ) {
    const answer: GetPagePropertyResponse = await notion.call((client) =>
      client.pages.properties.retrieve({
        page_id: pageId,
        property_id: propertyId,
        page_size: 100,
        ...(cursor === undefined ? {} : { start_cursor: cursor }),
      }),
    );
    if (answer.object !== 'list') return [answer];
    found.push(...answer.results);
    if (!answer.has_more || answer.next_cursor === null) return found;
    cursor = answer.next_cursor;
    guard.next(cursor);
  }
}
