/** Routes that are one read, asked by whoever is presumed to ask. */
import type { Telling } from '../database/actors-query.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { drainRefused } from '../http/respond.ts';
import type { RouteAnswer } from '../http/route.ts';
import type { Found } from '../http/router.ts';
import { sendAnswer } from '../http/send-answer.ts';
import type { Actor } from '../kernel/actor.ts';
import type { RestRoute } from '../rest/route.ts';
import { unlessCut } from './cut-short.ts';
import type { Exchange } from './exchange.ts';
import type { Shortened } from './leaving.ts';
import { answerSender, type PresumedSender } from './presumed-sender.ts';
import type { RateLimits } from './rate-limits.ts';
import { requestAccount } from './request-account.ts';
import {
  checkedOf,
  contextOf,
  inLane,
  openWork,
  type RestParts,
  type RouteRequest,
  requireAllowed,
} from './rest-route.ts';

/** What came of a read: an answer, or what the sender is told in its place. */
type Outcome = { readonly made: RouteAnswer } | { readonly fault: unknown };

/**
 * Answers a request whose sender is presumed.
 * @throws AppError for a request that is refused; UNAUTHENTICATED
 */
export async function answerRead(
  parts: RestParts & { readonly rates: RateLimits },
  exchange: Exchange,
  found: Found<RestRoute>,
  sender: PresumedSender,
): Promise<void> {
  const { request, response } = exchange;
  const account = requestAccount(parts.rates, response);
  const work = openWork(response);
  const open = (actor: Actor, telling?: Telling): OpenRead =>
    openRead(
      parts,
      exchange,
      { ...found, actor, account: account.of(actor) },
      { ...work, ...(telling && { telling }) },
    );
  const outcome = await unlessCut(work, response, () =>
    answerSender<Outcome>(sender, {
      account,
      atOnce: async ({ actor, telling }) => outcomeOf(open(actor, telling)),
      ordinary: async ({ actor }) => ({ made: await open(actor).answer() }),
    }),
  );
  if ('fault' in outcome) throw outcome.fault;
  await drainRefused(request, response);
  await sendAnswer(response, outcome.made);
}

interface OpenRead {
  readonly context: GraphqlContext;
  readonly answer: () => Promise<RouteAnswer>;
}

/** Checked and paid for. */
function openRead(
  parts: RestParts,
  exchange: Exchange,
  asked: RouteRequest,
  { telling, ...work }: Shortened & { readonly telling?: Telling },
): OpenRead {
  const { route, actor, account } = asked;
  const type = requireAllowed(exchange, asked);
  const checked = checkedOf(exchange, asked, { type, body: undefined, size: 0 });
  account.charge(checked.price);
  const turn = parts.lanes.open({ ...work, actor: actor.label, size: 0 }, exchange.response);
  const { charge } = account;
  const context = contextOf(parts, exchange, {
    ...{ actor, charge, turn, left: work.left },
    ...(telling && { telling }),
  });
  const answer = () => inLane(context, route, () => checked.answer(context)).finally(() => void context.reads.end());
  return { context, answer };
}

/** What came of it once the sender is known to be who was presumed; what was wrong before that is thrown. */
async function outcomeOf({ context: { reads }, answer }: OpenRead): Promise<Outcome | undefined> {
  try {
    const made = await answer();
    return reads.isTold() ? { made } : undefined;
  } catch (fault) {
    if (reads.isTold()) return { fault };
    throw fault;
  }
}
