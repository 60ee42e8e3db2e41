/** The master list of researches. */
import { type Brought, defineDataset, type MappedRecord } from '../../ingest/dataset.ts';
import { enumeration, id, reference, text, timestamp } from '../../ingest/fields/index.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { employeeKey, employeesNamed } from '../people.ts';
import { recordsIn, textNamed, withValues } from '../record.ts';
import { KEY_LENGTH, RESEARCH_ID, researchPath, TITLE_LENGTH } from '../research-fields.ts';
import { tidyFiles, WRITTEN_BY_DATABASE } from '../tidy.ts';
import { transcriptKeyInPath } from '../video-key.ts';
import { DEPARTMENT_NAMES, DEPARTMENTS, RESEARCH_STATUSES } from '../vocabulary.ts';

export default defineDataset({
  name: 'researches',
  title: 'Researches',
  description: 'What is researched, by which department, and how far it is.',
  table: 'researches',
  key: ['research_id'],
  files: [{ pattern: '**/*RESEARCHES_Master_List*.{csv,json,jsonl,xlsx}' }, tidyFiles('researches')],
  rulesVersion: 1,
  split: (value) => recordsIn(value, 'researches').map(withResearcher),
  fields: {
    research_id: id({ pattern: RESEARCH_ID, max: KEY_LENGTH, from: ['RSR_ID', 'RSH_ID'] }),
    title: text({ max: TITLE_LENGTH, from: ['Name', 'Research_Title'], required: true }),
    department: enumeration(DEPARTMENTS, { map: DEPARTMENT_NAMES, required: true }),
    status: enumeration(RESEARCH_STATUSES),
    created_date: timestamp({ from: ['Created', 'Date_Created'] }),
    researcher_id: reference('employees', { max: KEY_LENGTH }),
    output_path: researchPath({ from: ['File_Path'] }),
    'metadata.description': text(),
  },
  rest: 'metadata',
  ignore: WRITTEN_BY_DATABASE,
  brings,
});

/** Columns that name the researcher, where the file gives a name and no key. */
const RESEARCHER = ['Researcher', 'Employee'];

function withResearcher(record: JsonObject): JsonObject {
  const name = textNamed(record, ...RESEARCHER);
  if (name === undefined || textNamed(record, 'researcher_id') !== undefined) return record;
  return withValues(record, { researcher_id: employeeKey(name) ?? undefined });
}

/** A path that names a transcript links the research with that video. */
function brings({ fields, source }: MappedRecord): Brought {
  const research = fields['research_id'];
  const path = textNamed(source, 'File_Path', 'output_path');
  const video = path === undefined ? null : transcriptKeyInPath(path);
  return {
    derived: employeesNamed(source, RESEARCHER),
    references:
      typeof research === 'string' && video !== null
        ? [{ relation: 'research_videos', owner: research, target: video }]
        : [],
  };
}
