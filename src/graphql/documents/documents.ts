/**
 * The fast way to answer a query: the whole document as one statement whose answer is the response's text, so that no rows
 * are parsed, resolved and written out again. It is made of the declarations that give types, filters and orders, and asks
 * for the same rights; what it cannot answer exactly as resolvers would (fields with resolvers of their own, actors who see
 * a part of the rows, arguments that are refused, statements that fail) it leaves to ordinary execution, whose answer is
 * the same byte for byte, and which is also where errors come from.
 *
 * A document comes here once it has been parsed, validated and executed in the ordinary way; from then on its text is
 * enough to know it.
 */
import { type ExecutionArgs, getOperationAST } from 'graphql';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import { createRecent } from '../../kernel/recent.ts';
import type { GraphqlContext } from '../context.ts';
import { inTurn } from '../turn.ts';
import { settleMarks } from './json-sql.ts';
import { declaredRoots, type Roots, shapingVariables } from './plan.ts';
import { type AskedDocument, type Known, MOST_PLANS, prepare } from './prepare.ts';

export interface Answered {
  /** The response's body. */
  readonly text: Buffer;
  /** The operation's name, as the document has it. */
  readonly name: string | undefined;
}

export interface Documents {
  /** Takes note of a document that has passed every check. */
  readonly remember: (args: ExecutionArgs, query: string) => void;
  /**
   * The answer, paid for by `context.charge`; undefined for what ordinary execution is to answer.
   * @throws AppError RATE_LIMITED where no turn came
   */
  readonly answer: (asked: AskedDocument, context: GraphqlContext) => Promise<Answered | undefined>;
  /** How many documents are known. */
  readonly size: () => number;
}

/** A server's clients send some dozens; who sends others without end gains nothing by it. */
const MOST_DOCUMENTS = 200;
/** Characters: what is kept is bounded. */
const LONGEST_DOCUMENT = 10_000;
/** Milliseconds for which a document is left alone that failed or could not be compiled: trying costs, too. */
const REST = 60_000;
/** Whatever the variables are, these many in a row could not be compiled: the document itself cannot be. */
const MOST_MISSES = 5;

const idOf = (query: string, operationName: string | null | undefined): string => `${operationName ?? ''}\n${query}`;

/** Knows no document at first. */
export function createDocuments(clock: Clock = systemClock): Documents {
  const documents = createRecent<Known>(MOST_DOCUMENTS);
  let roots: Roots | undefined;
  const rest = (known: Known): void => {
    known.misses = 0;
    known.restsUntil = clock().getTime() + REST;
  };
  return {
    size: documents.size,
    remember: ({ schema, document, operationName }, query) => {
      const id = idOf(query, operationName);
      if (query.length > LONGEST_DOCUMENT || documents.get(id)?.document === document) return;
      const operation = getOperationAST(document, operationName);
      if (operation?.operation !== 'query') return;
      const shaping = shapingVariables(document, operation);
      documents.set(id, {
        schema,
        document,
        operation,
        shaping,
        plans: createRecent(MOST_PLANS),
        restsUntil: 0,
        misses: 0,
      });
    },
    answer: async (asked, context) => {
      const known = documents.get(idOf(asked.query, asked.operationName));
      if (known === undefined || clock().getTime() < known.restsUntil) return undefined;
      roots ??= declaredRoots();
      const ready = prepare(roots, known, asked, context);
      if (known.misses >= MOST_MISSES) rest(known);
      if (ready === undefined) return undefined;
      try {
        const read = () => context.reads.text('compiled document', ready.text, ready.values);
        const text = await inTurn(context, 'read', read);
        return text && { text: settleMarks(text), name: known.operation.name?.value };
      } catch (thrown) {
        // Whoever waited for a turn in vain would wait once more, behind all who came meanwhile.
        if (isTurnedAway(thrown)) throw thrown;
        if (isLasting(thrown)) rest(known);
        context.log.debug({ err: thrown, requestId: context.requestId }, 'a compiled document failed');
        return undefined;
      }
    },
  };
}

const isTurnedAway = (thrown: unknown): boolean => thrown instanceof AppError && thrown.code === 'RATE_LIMITED';

/** Whether it would fail again, and failing cost as much as answering. What a variable's value was refused for costs little. */
const isLasting = (thrown: unknown): boolean => !(thrown instanceof AppError) || thrown.code === 'LIMIT_EXCEEDED';
