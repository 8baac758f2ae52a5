import type { FastifyInstance } from 'fastify';
import { systemClock } from '../../common/clock.ts';
import type { Logger } from '../../common/logger.ts';
import { followDatabase } from './readiness.ts';

/** What the health of a service depends on. */
export interface HealthOptions {
  /** Runs a trivial query on the database. */
  readonly askDatabase: () => Promise<void>;
  readonly isDraining: () => boolean;
  /** What else is missing at the moment; nothing by default. */
  readonly missing?: () => readonly string[];
  readonly log: Logger;
}

/**
 * Serves `/healthz`, which says that the process answers, and `/readyz`, which says that its database answers, that nothing
 * is missing and that it is not stopping.
 */
export function serveHealth(
  app: FastifyInstance,
  { askDatabase, isDraining, missing = () => [], log }: HealthOptions,
): void {
  const database = followDatabase({ ask: askDatabase, clock: systemClock, log });
  app.get('/healthz', () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    void reply.header('cache-control', 'no-store');
    if (isDraining()) return reply.code(503).send({ status: 'draining' });
    const lacking = [...((await database.answers()) ? [] : ['database']), ...missing()];
    if (lacking.length === 0) return { status: 'ready' };
    return reply.code(503).send({ status: 'unready', missing: lacking });
  });
}
