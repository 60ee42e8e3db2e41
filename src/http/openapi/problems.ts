/** The problems that any operation may answer, described once. */
import Type from 'typebox';
import { CLIENT_CODES } from '../../kernel/client-code.ts';
import { PROBLEM_TYPE } from '../problem.ts';
import type { RouteFacts } from '../route-facts.ts';

const FAULT = Type.Object(
  {
    path: Type.String({ description: 'Which parameter or field.' }),
    code: Type.String({ description: 'Of the codes of rejects, such as INVALID_VALUE.' }),
    message: Type.String({ description: 'What is wrong with it.' }),
  },
  { $id: 'Fault', description: 'One value that did not fit.' },
);

export const PROBLEM = Type.Object(
  {
    type: Type.String({ description: 'Always about:blank: `code` says what kind it is.' }),
    title: Type.String({ description: 'What the status means.' }),
    status: Type.Integer({ description: 'The HTTP status.' }),
    detail: Type.String({ description: 'What happened.' }),
    code: Type.Enum([...CLIENT_CODES], { description: 'What to go by: the same codes as in GraphQL.' }),
    reason: Type.Optional(Type.String({ description: 'A code that says more than `code` does.' })),
    hint: Type.Optional(Type.String({ description: 'What to do next.' })),
    path: Type.Optional(Type.String({ description: 'The parameter or field that it is about.' })),
    faults: Type.Optional(
      Type.Array(FAULT, { description: 'Everything that does not fit, where more than the first is known.' }),
    ),
    requestId: Type.String({ description: 'Under which the server’s log has the rest.' }),
  },
  { $id: 'Problem', description: 'Why a request was refused or failed (RFC 9457).' },
);

const PROBLEMS = {
  400: ['BadRequest', 'A parameter, a field or the address does not fit; `faults` names each.'],
  401: ['Unauthenticated', 'The token or session is missing, unknown or has ended.'],
  403: ['Forbidden', 'Your role or scopes do not include this.'],
  404: ['NotFound', 'There is no such thing, or none that you may see.'],
  406: ['NotAcceptable', 'It is not answered in a type that Accept names.'],
  408: ['Incomplete', 'The body did not arrive whole and in time.'],
  413: ['TooLarge', 'The body is larger than is taken.'],
  415: ['UnsupportedType', 'The body’s type, encoding or character set is not read.'],
  429: [
    'RateLimited',
    'More was asked than your points allow, or more at once than may wait. Retry-After says when to try again.',
  ],
  500: ['Internal', 'Something failed; the log has it under `requestId`.'],
  503: ['Unavailable', 'The database does not answer, or is too busy. Try again after Retry-After.'],
} as const;

type Status = keyof typeof PROBLEMS;

/** Which of them an operation may answer. */
export function problemsOf({ params, body, answers }: RouteFacts): Status[] {
  const hasContent = Object.values(answers).some(({ content }) => content !== undefined);
  return [
    400,
    401,
    403,
    ...(params === undefined ? [] : [404 as const]),
    ...(hasContent ? [406 as const] : []),
    ...(body === undefined ? [] : [408 as const, 413 as const, 415 as const]),
    429,
    500,
    503,
  ];
}

/** The reference to one. */
export const problemRef = (status: Status): object => ({ $ref: `#/components/responses/${PROBLEMS[status][0]}` });

const RETRY_AFTER = { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } } };

/** The component `responses`; `schema` is a reference to {@link PROBLEM}. */
export function problemResponses(schema: object): Record<string, object> {
  return Object.fromEntries(
    Object.entries(PROBLEMS).map(([status, [name, description]]) => [
      name,
      {
        description,
        ...((status === '429' || status === '503') && { headers: RETRY_AFTER }),
        content: { [PROBLEM_TYPE]: { schema } },
      },
    ]),
  );
}
