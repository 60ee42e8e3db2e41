/** What a route says of itself, beside how it answers: what documentation, router and checks read. */
import type { IncomingHttpHeaders } from 'node:http';
import type { TObject, TSchema } from 'typebox';
import type { Right } from '../kernel/rights.ts';
import type { EntityTags } from './entity-tag.ts';
import type { ReceivedStream } from './received-stream.ts';

export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type Method = (typeof METHODS)[number];

/** What is waited for apart at the database. */
export type RouteLane = 'read' | 'write' | 'import';

/** A body of JSON, checked by its schema and small enough for memory. */
export interface JsonBody<Schema extends TSchema = TSchema> {
  readonly schema: Schema;
  readonly description?: string;
  /** Bytes; what the server allows unless less is enough. */
  readonly most?: number;
  /** Whether it may be left out, and is then `undefined`. */
  readonly optional?: boolean;
}

/** A body that is read while it arrives. */
export interface StreamedBody {
  /** By media type, without parameters, such as `text/csv`: what a body of it holds. */
  readonly streamed: Readonly<Record<string, { readonly schema?: TSchema; readonly description?: string }>>;
  readonly description?: string;
  /** Bytes of it as it is read: of one that comes compressed, unpacked. */
  readonly most: number;
  /** Whether `Content-Encoding: gzip` is read. */
  readonly gzip?: boolean;
}

export type BodyDeclaration = JsonBody | StreamedBody;

export interface AnswerDeclaration {
  readonly description: string;
  /** By media type, the best first, such as `application/json`: the schema of what is answered. None for an answer without a body. */
  readonly content?: Readonly<Record<string, TSchema>>;
  readonly headers?: Readonly<Record<string, { readonly description: string; readonly schema?: TSchema }>>;
}

/** What of a route its documentation tells. */
export interface RouteFacts {
  readonly method: Method;
  /** Below the API's root, such as `/researches/:research_id`. */
  readonly path: string;
  /** Whole paths under which it is found as well, such as `/v1/data/ingest/:dataset`. */
  readonly aliases?: readonly string[];
  /** Of all routes' its own, such as `listResearches`. */
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** Who may ask; everyone who is signed in unless given. */
  readonly needs?: Right;
  /** Each with a description and `examples`; with an `$id` where several routes take the very same. */
  readonly params?: TObject;
  readonly query?: TObject;
  readonly body?: BodyDeclaration;
  /** Request headers that it reads beside the usual ones. */
  readonly headers?: Readonly<Record<string, { readonly description: string; readonly schema: TSchema }>>;
  /** By status. The kit adds the problems that any route may answer. */
  readonly answers: Readonly<Record<number, AnswerDeclaration>>;
  /** What it waits for in turn: `read` of GET and `write` of the others unless given; `none` where it takes turns itself. */
  readonly lane?: RouteLane | 'none';
  /** Whether, of a GET, one statement gives all that it answers: whatever else is done for it tells of no rows. */
  readonly isOneRead?: boolean;
}

/** A request as it came, split but not checked. */
export interface Received {
  /** By the names in the route's path; decoded. */
  readonly params: Readonly<Record<string, string | undefined>>;
  /** Of the request: path and query. */
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** The media type of the route's answers that the client accepts best. */
  readonly type: string;
  /** What If-Match names; undefined without that header. */
  readonly ifMatch: EntityTags | undefined;
  /** Parsed JSON, a {@link ReceivedStream}, or undefined. */
  readonly body: unknown;
  /** Bytes of the body. */
  readonly size: number;
}

/** Whether a body is read while it arrives. */
export function isStreamed(body: BodyDeclaration): body is StreamedBody {
  return 'streamed' in body;
}
