/** Reports: Markdown, JSON, or both of one name, which are one report. */
import { defineDataset, type FileFacts } from '../../ingest/dataset.ts';
import { date, id, reference, text, timestamp } from '../../ingest/fields/index.ts';
import { emptyObject, type JsonObject, type JsonValue } from '../../kernel/json.ts';
import { documentRecord, recordsIn, textNamed, withoutDatabaseTimes } from '../record.ts';
import { KEY_LENGTH, PATH_LENGTH, RESEARCH_ID, TITLE_LENGTH } from '../research-fields.ts';
import { tidyFiles } from '../tidy.ts';
import { readDocument } from '../written-document.ts';

const TYPE_LENGTH = 200;
/** A research named in a file's name: `RSH-VID-001_Summary.md`. */
const RESEARCH_IN_NAME = /(?<![A-Za-z0-9])(?:RSH-[A-Z]{2,6}|RSR)-\d{3,}(?!\d)/;
/** Names of days in a report's head. */
const CREATED = ['Created', 'Date', 'Report_Date', 'Generated', 'created_at', 'date_created'];
const PUBLISHED = ['Published', 'Publication_Date', 'Date_Published'];

export default defineDataset({
  name: 'reports',
  title: 'Reports',
  description: 'What a research came to.',
  table: 'reports',
  key: ['report_id'],
  files: [
    { pattern: '**/REPORTS/*.md' },
    { pattern: '**/REPORTS/!(reports).json', records: '$' },
    tidyFiles('reports'),
  ],
  rulesVersion: 1,
  split,
  fields: {
    report_id: id({ max: KEY_LENGTH, description: 'The file name without its ending.' }),
    research_id: reference('researches', { max: KEY_LENGTH, pattern: RESEARCH_ID, from: ['RSR_ID', 'RSH_ID'] }),
    title: text({ max: TITLE_LENGTH, required: true }),
    report_type: text({ max: TYPE_LENGTH }),
    file_path: text({ max: PATH_LENGTH }),
    created_date: timestamp({ from: CREATED }),
    published_date: timestamp({ from: PUBLISHED }),
    'metadata.content': text({ description: 'The report itself, where it is text.' }),
  },
  rest: 'metadata',
});

function split(value: JsonValue, file: FileFacts): readonly JsonObject[] {
  if (!isReport(value, file)) return recordsIn(value, 'reports').map(withoutDatabaseTimes);
  const { heading, text: body, values } = readDocument(value);
  const said = body === undefined ? values : withProseDates(values);
  const research = textNamed(values, 'research_id', 'RSR_ID', 'RSH_ID') ?? RESEARCH_IN_NAME.exec(file.stem)?.[0];
  const columns = {
    report_id: file.stem,
    title: heading ?? textNamed(values, 'title', 'report_title', 'name') ?? file.stem,
    research_id: research !== undefined && RESEARCH_ID.test(research) ? research : undefined,
    file_path: file.path,
    content: body,
  };
  return [documentRecord(columns, said, ['research_id', 'RSR_ID', 'RSH_ID', 'metadata'])];
}

/** A Markdown or JSON file is one report, whatever it calls itself, unless it lists several that have keys. */
function isReport(value: JsonValue, file: FileFacts): boolean {
  if (file.extension === '.md') return true;
  if (file.extension !== '.json' || file.stem.toLowerCase() === 'reports') return false;
  const records = recordsIn(value, 'reports');
  return records[0] === value || !records.every((record) => textNamed(record, 'report_id') !== undefined);
}

/** In prose a date may be any words (`**Date:** week 47`): those stay words beside the report, and reject nothing. */
function withProseDates(values: JsonObject): JsonObject {
  const made = emptyObject();
  for (const [name, value] of Object.entries(values)) {
    const dated = typeof value === 'string' && textNamed({ [name]: value }, ...CREATED, ...PUBLISHED) !== undefined;
    made[dated && !isDay(value) ? `${name} (as written)` : name] = value;
  }
  return made;
}

const day = date();

function isDay(value: string): boolean {
  let faults = 0;
  day.parse(value, {
    fault: () => {
      faults++;
      return null;
    },
    keepRaw: () => undefined,
    note: () => undefined,
  });
  return faults === 0;
}
