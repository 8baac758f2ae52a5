import type { Logger } from '../common/logger.ts';
import type { CacheStatistics } from '../engine/planning/plan-cache.ts';

/** What a report is made from. */
export interface PlanCacheReportOptions {
  /** What the cache has seen since it was made; a new supergraph begins with a new one. */
  readonly statistics: () => CacheStatistics;
  /** In milliseconds; 0 for no reports but the last. */
  readonly everyMs: number;
  readonly log: Logger;
}

/**
 * Writes into the log how often an operation was met that was planned already, each time for the time since the last
 * report, and not at all when none was asked for. The function it gives ends it with a last report.
 */
export function reportPlanCache({ statistics, everyMs, log }: PlanCacheReportOptions): () => void {
  let last = { hits: 0, misses: 0 };

  const report = (): void => {
    const now = statistics();
    const isNew = now.hits < last.hits || now.misses < last.misses;
    const hits = now.hits - (isNew ? 0 : last.hits);
    const misses = now.misses - (isNew ? 0 : last.misses);
    last = now;
    if (hits + misses === 0) return;
    const { entries, bytes } = now;
    const hitPercent = Math.round((1_000 * hits) / (hits + misses)) / 10;
    log.info({ hits, misses, hitPercent, entries, bytes }, 'plan cache');
  };

  const timer = everyMs > 0 ? setInterval(report, everyMs).unref() : undefined;
  return () => {
    clearInterval(timer);
    report();
  };
}
