/** Traces that are being sent. */
export interface Tracing {
  /** Ends the watching and sends what is left, for three seconds at most. Never fails. */
  readonly close: () => Promise<void>;
}
