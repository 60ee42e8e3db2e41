/** How one REST operation is declared: where it is, who may, what it takes and how it answers. */
import type { OutgoingHttpHeaders } from 'node:http';
import type { Static, TObject } from 'typebox';
import { checkerOf } from './check.ts';
import type { ReceivedStream } from './received-stream.ts';
import type { BodyDeclaration, JsonBody, Received, RouteFacts, StreamedBody } from './route-facts.ts';
import type { SentPieces } from './send-pieces.ts';

/** What a route is asked, checked. */
export interface Asked<Path, Query, Body> extends Pick<Received, 'url' | 'headers' | 'type' | 'ifMatch'> {
  readonly params: Path;
  readonly query: Query;
  readonly body: Body;
}

export interface RouteAnswer {
  /** 200 unless given. */
  readonly status?: number;
  /** `application/json` unless given. */
  readonly type?: string;
  readonly headers?: OutgoingHttpHeaders;
  /** JSON text is passed on as it is. Pieces are sent while they are made, until the client leaves. */
  readonly body?: string | Buffer | SentPieces;
  /** The entity tag, with its quotes; of a 200 to GET it is made from the body unless given. */
  readonly etag?: string;
}

type BodyOf<Body> =
  Body extends JsonBody<infer Schema> ? Static<Schema> : Body extends StreamedBody ? ReceivedStream : undefined;

export interface RouteDeclaration<
  Context,
  Path extends TObject,
  Query extends TObject,
  Body extends BodyDeclaration | undefined,
> extends RouteFacts {
  readonly params?: Path;
  readonly query?: Query;
  readonly body?: Exclude<Body, undefined>;
  /** In points, beside those of every request. */
  readonly price?: (asked: Asked<Static<Path>, Static<Query>, BodyOf<Body>>) => number;
  readonly answer: (
    context: Context,
    asked: Asked<Static<Path>, Static<Query>, BodyOf<Body>>,
  ) => Promise<RouteAnswer> | RouteAnswer;
}

/** Statuses from here on are faults of the server's: the same request may pass when it is sent again. */
export const FIRST_OF_OURS = 500;

/** A request that was checked. */
export interface CheckedRequest<Context> {
  /** In points. */
  readonly price: number;
  readonly answer: (context: Context) => Promise<RouteAnswer>;
}

/** A route as the server mounts it. */
export interface Route<Context> extends RouteFacts {
  /** @throws AppError BAD_USER_INPUT naming each value that does not fit */
  readonly check: (received: Received) => CheckedRequest<Context>;
}

/** Gives the function that declares routes for servers with this context. */
export function defineRoute<Context>() {
  return <
    Path extends TObject = TObject<Record<never, never>>,
    Query extends TObject = TObject<Record<never, never>>,
    Body extends BodyDeclaration | undefined = undefined,
  >(
    declaration: RouteDeclaration<Context, Path, Query, Body>,
  ): Route<Context> => {
    const { price, answer, ...facts } = declaration;
    const check = checkerOf<Static<Path>, Static<Query>, BodyOf<Body>>(facts);
    return {
      ...facts,
      check: (received) => {
        const { headers, type, ifMatch, url } = received;
        const asked = { ...check(received), headers, type, ifMatch, url };
        return { price: price?.(asked) ?? 0, answer: async (context) => answer(context, asked) };
      },
    };
  };
}

/** Whether a value is a route, made by what {@link defineRoute} gives. */
export function isRoute<Context>(value: unknown): value is Route<Context> {
  return typeof value === 'object' && value !== null && 'operationId' in value && 'check' in value;
}
