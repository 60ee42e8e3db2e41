/** XML as it streams in, without what makes XML dangerous: no document types, no entities but the five, no fetching. */
import { SaxesParser } from 'saxes';

export interface XmlHandler {
  /** Names come without their namespace prefix. */
  readonly open?: (name: string, attribute: (name: string) => string | undefined) => void;
  readonly text?: (text: string) => void;
  readonly close?: (name: string) => void;
}

export interface XmlStream {
  write(text: string): void;
  end(): void;
}

/** A parser that calls `handler`. Throws a plain Error for what is no XML, or declares a document type. */
export function xmlStream(handler: XmlHandler): XmlStream {
  const parser = new SaxesParser({ fragment: false });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', () => {
    throw new Error('A document type is not allowed here.');
  });
  parser.on('opentag', (tag) => handler.open?.(localName(tag.name), (name) => attributeOf(tag.attributes, name)));
  parser.on('text', (text) => handler.text?.(text));
  parser.on('cdata', (text) => handler.text?.(text));
  parser.on('closetag', (tag) => handler.close?.(localName(tag.name)));
  return { write: (text) => void parser.write(text), end: () => void parser.close() };
}

function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}

function attributeOf(attributes: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}
