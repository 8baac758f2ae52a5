import { fastify } from 'fastify';
import type { ListenAddress } from '../common/listen-failure.ts';
import type { Logger } from '../common/logger.ts';
import { withoutSchemas } from '../common/without-schemas.ts';
import { bindHttp } from '../subgraphs/kit/bind-http.ts';
import { serveHealth } from '../subgraphs/kit/serve-health.ts';

/** What the health of the process of events depends on. */
export interface HealthServerOptions {
  readonly address: ListenAddress;
  /** Runs a trivial query on the database. */
  readonly askDatabase: () => Promise<void>;
  /** What else is missing at the moment. */
  readonly missing: () => readonly string[];
  /** The metrics, in the text format of Prometheus. */
  readonly metrics: () => Promise<string>;
  readonly log: Logger;
}

/** Says over HTTP how a process is. */
export interface HealthServer {
  readonly url: string;
  /** From now on it is not ready. */
  leave(): void;
  close(): Promise<void>;
}

/** Serves `/healthz` and `/readyz`, as subgraphs do, and `/metrics`. Throws a StartupError when it cannot listen. */
export async function openHealthServer({
  address,
  metrics,
  ...health
}: HealthServerOptions): Promise<HealthServer> {
  let isLeaving = false;
  const app = fastify({
    ...withoutSchemas,
    bodyLimit: 1_024,
    connectionTimeout: 5_000,
    requestTimeout: 5_000,
    forceCloseConnections: true,
    logger: false,
  });
  serveHealth(app, { ...health, isDraining: () => isLeaving });
  app.get('/metrics', async (_request, reply) =>
    reply
      .header('cache-control', 'no-store')
      .type('text/plain; version=0.0.4; charset=utf-8')
      .send(await metrics()),
  );
  const url = await bindHttp(app, address);
  return {
    url,
    leave() {
      isLeaving = true;
    },
    close: () => app.close(),
  };
}
