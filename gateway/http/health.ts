import type { FastifyInstance, RouteShorthandOptions } from 'fastify';
import type { Clock } from '../../common/clock.ts';
import { exchangeOf } from './exchange.ts';

/** How long findings are told without asking again. */
const rememberMs = 1_000;

/** What is in the way of serving: the subgraphs that do not answer, each with the reason. */
type Findings = ReadonlyMap<string, string>;

/** What readiness depends on. */
export interface HealthDependencies {
  readonly clock: Clock;
  /** True once the gateway has been told to stop. */
  readonly isDraining: () => boolean;
  /** Asks every subgraph; has a deadline of its own. */
  readonly probeAll: () => Promise<Findings>;
}

/**
 * `/healthz`: the process answers. `/readyz`: it should be sent requests, that is, it is not stopping and every
 * subgraph answers; else 503 with what is missing.
 */
export function serveHealth(app: FastifyInstance, dependencies: HealthDependencies): void {
  const { isDraining } = dependencies;
  const findings = rememberFindings(dependencies);
  const options = {
    onRequest: ({ raw }, _reply, done) => {
      exchangeOf(raw).isNoted = false;
      done();
    },
  } satisfies RouteShorthandOptions;
  app.get('/healthz', options, () => ({ status: 'ok' }));
  app.get('/readyz', options, async (request, reply) => {
    void reply.header('cache-control', 'no-store');
    if (isDraining()) return reply.code(503).send({ status: 'draining' });
    const missing = await findings();
    if (missing.size === 0) return { status: 'ready' };
    request.log.warn({ missing: Object.fromEntries(missing) }, 'not ready');
    return reply.code(503).send({ status: 'unready', missing: [...missing.keys()] });
  });
}

/** Callers within a second share one round of probes, so that asking often costs the subgraphs nothing. */
function rememberFindings({ clock, probeAll }: HealthDependencies): () => Promise<Findings> {
  let round: { readonly startedAt: number; readonly findings: Promise<Findings> } | undefined;
  return () => {
    if (!round || clock.now() - round.startedAt >= rememberMs) {
      round = { startedAt: clock.now(), findings: probeAll() };
    }
    return round.findings;
  };
}
