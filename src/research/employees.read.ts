import type { Employee } from '../database/generated/client.ts';
import { type EntityReads, fieldsOf, many } from '../graphql/entity.ts';
import { ORIGIN_COLUMNS } from '../history/origin.read.ts';
import { DEPARTMENT } from './enumerations.ts';

const field = fieldsOf<Employee>();

export const employees: EntityReads = {
  type: 'Employee',
  scope: 'research',
  plural: 'employees',
  single: 'employee',
  table: 'employees',
  key: 'employeeId',
  description: 'Someone who does researches and searches.',
  fields: {
    employeeId: field.id('employee_id', 'The key.'),
    name: field.text('name', 'The name.'),
    email: field.text('email', 'The address for mail.', { nullable: true }),
    department: field.enumeration('department', DEPARTMENT, 'The department.', { nullable: true }),
    createdAt: field.dateTime('created_at', 'When the employee became known here.'),
    updatedAt: field.dateTime('updated_at', 'When the row last changed here.'),
    metadata: field.json('metadata', 'What the files say beyond the fields above, under the files’ own names.'),
    version: field.integer(
      'version',
      'Grows by one with every change; `ifVersion` of a mutation asks that it still be this.',
      { order: false },
    ),
  },
  relations: {
    researches: many('Research', 'researcher_id', 'The researches that the employee does.'),
    searches: many('SearchQueueItem', 'assigned_to', 'The searches that the employee does.'),
  },
  needs: { origin: ORIGIN_COLUMNS },
  order: [['createdAt', 'DESC']],
  indexed: { createdAt: 'DESC', department: 'ASC' },
};
