/** Reports and analyses: documents that people write in Markdown or save as JSON, one record each. */
import { emptyObject, isJsonObject, type JsonObject, type JsonValue } from '../kernel/json.ts';

export interface WrittenDocument {
  /** The first heading. */
  readonly heading: string | undefined;
  /** The body; undefined for JSON. */
  readonly text: string | undefined;
  /** What the document says by name: front matter, labels at its top, or the JSON itself. */
  readonly values: JsonObject;
}

const HEADING = /^ {0,3}#{1,6}[ \t]+(\S.{0,1999})$/m;
const BOLD_LABEL = /^(?:[-*+][ \t]{1,4})?\*\*([^*:\n]{1,60}):?\*\*[ \t]{0,4}:?[ \t]{0,4}(\S[\s\S]*)$/;
/** Labels stand before the first section of text: further down the same form is prose. */
const LABEL_LINES = 30;

/** The value is what the Markdown reader gave (`{ front_matter, text, json }`), or a JSON document. */
export function readDocument(value: JsonValue): WrittenDocument {
  if (!isMarkdown(value)) return { heading: undefined, text: undefined, values: fromJson(value) };
  const front = isJsonObject(value['front_matter']) ? value['front_matter'] : emptyObject();
  if (value['json'] !== null && value['json'] !== undefined)
    return {
      heading: undefined,
      text: undefined,
      values: Object.assign(emptyObject(), fromJson(value['json']), front),
    };
  const text = String(value['text']);
  return {
    heading: HEADING.exec(text)?.[1]?.trimEnd().replace(/ #+$/, ''),
    text: text.trim() === '' ? undefined : text.trim(),
    values: Object.assign(emptyObject(), labelsOf(text), front),
  };
}

function isMarkdown(value: JsonValue): value is JsonObject {
  return isJsonObject(value) && typeof value['text'] === 'string' && 'front_matter' in value && 'json' in value;
}

/** An array, or what is no object at all, is kept whole under one name. */
function fromJson(value: JsonValue): JsonObject {
  if (isJsonObject(value)) return value;
  const made = emptyObject();
  made['items'] = value;
  if (!Array.isArray(value) || value.length !== 1 || !isJsonObject(value[0])) return made;
  return value[0];
}

function labelsOf(text: string): JsonObject {
  const labels = emptyObject();
  for (const line of text.split(/\r\n|\r|\n/, LABEL_LINES)) {
    if (/^\s*-{3,}\s*$/.test(line)) break;
    const [, name, value] = BOLD_LABEL.exec(line.trim()) ?? [];
    if (name !== undefined && value !== undefined && labels[name.trim()] === undefined) labels[name.trim()] = value;
  }
  return labels;
}
