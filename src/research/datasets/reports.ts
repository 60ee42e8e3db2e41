/** Reports: Markdown, JSON, or both of one name, which are one report. */
import { defineDataset, type FileFacts } from '../../ingest/dataset.ts';
import { date, id, reference, text, timestamp } from '../../ingest/fields/index.ts';
import type { JsonObject, JsonValue, MutableJsonObject } from '../../kernel/json.ts';
import { recordsIn, textNamed, withoutDatabaseTimes } from '../record.ts';
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
  const record: MutableJsonObject = Object.assign(Object.create(null), values);
  if (body !== undefined) keepProseDates(record);
  const title = heading ?? textNamed(values, 'title', 'report_title', 'name');
  record['report_id'] = file.stem;
  record['title'] = title ?? file.stem;
  record['research_id'] =
    textNamed(values, 'research_id', 'RSR_ID', 'RSH_ID') ?? RESEARCH_IN_NAME.exec(file.stem)?.[0] ?? null;
  record['file_path'] = file.path;
  if (body !== undefined) record['content'] = body;
  return [record];
}

/** A Markdown or JSON file is one report, whatever it calls itself, unless it lists several that have keys. */
function isReport(value: JsonValue, file: FileFacts): boolean {
  if (file.extension === '.md') return true;
  if (file.extension !== '.json' || file.stem.toLowerCase() === 'reports') return false;
  const records = recordsIn(value, 'reports');
  return records[0] === value || !records.every((record) => textNamed(record, 'report_id') !== undefined);
}

/** In prose a date may be any words (`**Date:** week 47`): those stay words beside the report, and reject nothing. */
function keepProseDates(record: MutableJsonObject): void {
  for (const name of Object.keys(record)) {
    const value = record[name];
    if (typeof value !== 'string' || textNamed({ [name]: value }, ...CREATED, ...PUBLISHED) === undefined) continue;
    if (isDay(value)) continue;
    delete record[name];
    record[`${name} (as written)`] = value;
  }
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
