import type { FastifyInstance, RouteShorthandOptions } from 'fastify';
import type { Clock } from '../../common/clock.ts';
import type { Logger } from '../../common/logger.ts';
import { within } from '../../common/within.ts';
import { exchangeOf } from './exchange.ts';

/** How long the state of the subgraphs is reused without another probe. */
const rememberMs = 1_000;

/** A readiness probe is answered within this time, whatever it depends on; a slower check counts as failed. */
const answerWithinMs = 500;

/** The subgraphs, each with the reason why it does not answer, or `undefined`. */
type Findings = ReadonlyMap<string, string | undefined>;

/** What readiness depends on. */
export interface HealthDependencies {
  readonly clock: Clock;
  readonly log: Logger;
  /** True once the gateway has been told to stop. */
  readonly isDraining: () => boolean;
  /** Whether the keys of access tokens have been fetched once; has its own deadline. */
  readonly areKeysKnown: () => Promise<boolean>;
  /** Probes every subgraph; has its own deadline. */
  readonly probeAll: () => Promise<Findings>;
}

/**
 * `/healthz`: the process answers. `/readyz`: it can serve, which means that it has a supergraph (it does not start
 * without), has the keys of access tokens and is not stopping; otherwise 503. The response reports the state of each
 * subgraph, but that does not affect readiness: the other subgraphs can be served, and every gateway would leave the
 * load balancer at the same time.
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
 * Reports for each subgraph whether it answers; `unknown` during the first probe. Callers within a second share one
 * round of probes, so that frequent requests cost the subgraphs nothing; each change is logged.
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
