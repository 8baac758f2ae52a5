import type { FastifyInstance, RouteShorthandOptions } from 'fastify';
import type { Clock } from '../../common/clock.ts';
import type { Logger } from '../../common/logger.ts';
import { within } from '../../common/within.ts';
import { exchangeOf } from './exchange.ts';

/** How long the state of the subgraphs is told without asking them again. */
const rememberMs = 1_000;

/** A probe of readiness is answered within this time, whatever it has to ask; longer is taken for no. */
const answerWithinMs = 500;

/** The subgraphs, each with the reason why it does not answer, or `undefined`. */
type Findings = ReadonlyMap<string, string | undefined>;

/** What readiness depends on. */
export interface HealthDependencies {
  readonly clock: Clock;
  readonly log: Logger;
  /** True once the gateway has been told to stop. */
  readonly isDraining: () => boolean;
  /** Whether the keys of access tokens have been fetched once; has a deadline of its own. */
  readonly areKeysKnown: () => Promise<boolean>;
  /** Asks every subgraph; has a deadline of its own. */
  readonly probeAll: () => Promise<Findings>;
}

/**
 * `/healthz`: the process answers. `/readyz`: it can serve, that is, it has a supergraph (it does not start without),
 * knows the keys of access tokens and is not stopping; else 503. The state of each subgraph is in the answer, and
 * changes nothing: the others can be served, and every gateway would leave the balancer at the same time.
 */
export function serveHealth(app: FastifyInstance, dependencies: HealthDependencies): void {
  const { isDraining, areKeysKnown } = dependencies;
  const subgraphs = followSubgraphs(dependencies);
  const options = {
    onRequest: ({ raw }, _reply, done) => {
      exchangeOf(raw).isNoted = false;
      done();
    },
  } satisfies RouteShorthandOptions;
  app.get('/healthz', options, () => ({ status: 'ok' }));
  app.get('/readyz', options, async (_request, reply) => {
    void reply.header('cache-control', 'no-store');
    if (isDraining()) return reply.code(503).send({ status: 'draining' });
    const [known, states] = await Promise.all([
      within(areKeysKnown(), answerWithinMs, false),
      subgraphs(),
    ]);
    if (known) return { status: 'ready', subgraphs: states };
    const missing = ['keys of access tokens'];
    return reply.code(503).send({ status: 'unready', missing, subgraphs: states });
  });
}

type State = 'up' | 'down' | 'unknown';

/**
 * Tells of each subgraph whether it answers; `unknown` while the first probe is under way. Callers within a second
 * share one round of probes, so that asking often costs the subgraphs nothing; the log has a line for each change.
 */
function followSubgraphs({
  clock,
  log,
  probeAll,
}: HealthDependencies): () => Promise<Readonly<Record<string, State>>> {
  let askedAt = Number.NEGATIVE_INFINITY;
  let round: Promise<void> = Promise.resolve();
  let states: ReadonlyMap<string, State> = new Map();

  const ask = async (): Promise<void> => {
    const findings = await probeAll();
    const next = new Map<string, State>();
    for (const [name, reason] of findings) {
      const state = reason === undefined ? 'up' : 'down';
      next.set(name, state);
      const last = states.get(name) ?? 'up';
      if (last === state) continue;
      if (state === 'down') log.warn({ subgraph: name, reason }, 'a subgraph does not answer');
      else log.info({ subgraph: name }, 'a subgraph answers again');
    }
    states = next;
  };
  return async () => {
    if (clock.now() - askedAt >= rememberMs) {
      askedAt = clock.now();
      round = ask();
    }
    await within(round, answerWithinMs, undefined);
    return Object.fromEntries(states);
  };
}
