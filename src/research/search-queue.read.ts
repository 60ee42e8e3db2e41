import type { SearchQueue } from '../database/generated/client.ts';
import { type EntityReads, fieldsOf, one } from '../graphql/entity.ts';
import { ORIGIN_COLUMNS } from '../history/origin.read.ts';
import { DEPARTMENT, SEARCH_STATUS } from './enumerations.ts';

const field = fieldsOf<SearchQueue>();

export const searchQueue: EntityReads = {
  type: 'SearchQueueItem',
  scope: 'research',
  plural: 'searchQueue',
  words: 'searches of the queue',
  single: 'searchQueueItem',
  table: 'search_queue',
  key: 'searchId',
  description: 'A search that a department wants done.',
  fields: {
    searchId: field.id('search_id', 'The key.'),
    department: field.enumeration('department', DEPARTMENT, 'The department that wants it.'),
    status: field.enumeration('status', SEARCH_STATUS, 'How far it has come.'),
    priority: field.integer('priority', 'How much it matters, from 1 to 5.', { nullable: true }),
    query: field.text('query', 'What is searched for.'),
    assignedTo: field.id('assigned_to', 'The key of the employee who does it.', { nullable: true }),
    resultsPath: field.text('results_path', 'Where the results lie.', { nullable: true }),
    createdDate: field.dateTime('created_date', 'When it was asked for.'),
    completedDate: field.dateTime('completed_date', 'When it was done.', { nullable: true }),
    updatedAt: field.dateTime('updated_at', 'When it last changed here.'),
    metadata: field.json('metadata', 'What its files say beyond the fields above, under the files’ own names.'),
    version: field.integer(
      'version',
      'Grows by one with every change; `ifVersion` of a mutation asks that it still be this.',
      { order: false },
    ),
  },
  relations: { assignee: one('Employee', 'assigned_to', 'The employee who does it.') },
  needs: { origin: ORIGIN_COLUMNS },
  order: [['createdDate', 'DESC']],
  indexed: { createdDate: 'DESC', priority: 'DESC', status: 'ASC', department: 'ASC', assignedTo: 'ASC' },
};
