/** REST requests that a route answers, told to whoever watches. */
import { watched } from '../kernel/watched.ts';

export interface RestSeen {
  readonly operationId: string;
  /** What the client reads as the error's code; undefined while there is none. */
  code: string | undefined;
}

/** From the moment its route is found until its answer is sent. */
export const restSeen = watched<RestSeen>();
