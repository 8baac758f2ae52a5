import { greatest } from '../common/greatest.ts';
import type { Logger } from '../common/logger.ts';
import type { FetchLayerOptions } from '../engine/fetching/layers.ts';
import type { CallsConfig } from './config/calls.ts';
import { settingsOf, type SubgraphsConfig } from './config/subgraphs.ts';

/** The layers between a call and its subgraph by the settings; a setting of one subgraph takes precedence. */
export function callLayersOf(
  calls: CallsConfig,
  subgraphs: SubgraphsConfig,
  log: Logger,
): FetchLayerOptions {
  const { maxInFlight: forAll = subgraphs.maxConnections } = calls;
  return {
    sharing: calls.sharing,
    breaker: calls.breaker && {
      failureShare: calls.breakerFailurePercent / 100,
      minCalls: calls.breakerMinCalls,
      windowMs: calls.breakerWindowMs,
      openMs: calls.breakerOpenMs,
      onChange: (subgraph, isOpen) => {
        if (isOpen) log.error({ subgraph, forMs: calls.breakerOpenMs }, 'subgraph calls stopped');
        else log.info({ subgraph }, 'subgraph calls resumed');
      },
    },
    retries: calls.maxRetries > 0 && {
      maxRetries: calls.maxRetries,
      budgetShare: calls.retryBudgetPercent / 100,
      maxBackoffMs: calls.retryMaxBackoffMs,
    },
    inFlight: calls.inFlightLimit && {
      maxInFlight: (subgraph) => settingsOf(subgraphs, subgraph).maxInFlight ?? forAll,
      maxWaiting: calls.maxWaiting,
      maxWaitMs: calls.maxWaitMs,
    },
    deadline: {
      timeoutMsFor: remembered(
        (subgraph) => settingsOf(subgraphs, subgraph).timeoutMs ?? subgraphs.timeoutMs,
      ),
      sendRemainingTime: calls.tellRemainingTime,
    },
  };
}

/** Computes the setting once for each subgraph: every call reads it. */
function remembered(settingFor: (subgraph: string) => number): (subgraph: string) => number {
  const known = new Map<string, number>();
  return (subgraph) => {
    const setting = known.get(subgraph) ?? settingFor(subgraph);
    known.set(subgraph, setting);
    return setting;
  };
}

/** The longest timeout of any subgraph. */
export function longestTimeoutMs({ timeoutMs, each }: SubgraphsConfig): number {
  return greatest(
    Object.values(each).map((one) => one.timeoutMs ?? 0),
    timeoutMs,
  );
}
