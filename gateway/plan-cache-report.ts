import type { Logger } from '../common/logger.ts';
import type { CacheStatistics } from '../engine/planning/plan-cache.ts';

/** The options of a report. */
export interface PlanCacheReportOptions {
  /** Statistics of the cache since it was created; a new supergraph has a new cache. */
  readonly statistics: () => CacheStatistics;
  /** In milliseconds; 0 for only the last report. */
  readonly everyMs: number;
  readonly log: Logger;
}

/**
 * Logs how often the plan of an operation was cached, each time since the last report; without operations there is no
 * line. The returned function stops it with a last report.
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
