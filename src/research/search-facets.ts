/** What hits of the research context are counted and narrowed by. */
import type { SearchFacet } from '../graphql/search-source.ts';
import { DEPARTMENT } from './enumerations.ts';

export const department: SearchFacet = {
  name: 'department',
  description: 'The department of the research; of what several researches draw on, the departments of all of them.',
  enumeration: DEPARTMENT,
};

export const channel: SearchFacet = {
  name: 'channel',
  description: 'The channel that published the video.',
  label: 'SELECT c.name FROM channels c WHERE c.channel_id = value',
};
