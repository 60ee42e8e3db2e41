/** A question that GraphiQL opens with, to be run as it is. Its first line, a comment, says what it answers. */
export interface StarterQuery {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}
