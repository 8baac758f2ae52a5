import type { QueryPlannerConfig } from '@apollo/query-planner';
import { AppError, messageOf } from '../../common/errors.ts';
import { createApolloPlanner } from './apollo-planner.ts';
import { nativeLoadRisk } from './native-load-risk.ts';
import { createNativePlanner } from './native-planner.ts';
import type { Planner } from './planner.ts';
import type { Supergraph } from './supergraph.ts';

/**
 * `auto` is Apollo's planner. The native one is taken only when it is asked for: its parser and its planner are
 * another process's worth of code in this one, and a request can end both (`nativeWarning`).
 */
export type PlannerChoice = 'auto' | 'native' | 'apollo';

/** What is told about planning. */
export interface PlanningOptions {
  /** Settings of Apollo's planner. */
  readonly apolloConfig?: QueryPlannerConfig | undefined;
  /** Told of what an operator should know about the planner that was chosen. */
  readonly warn?: ((message: string) => void) | undefined;
}

/** What an operator reads who chooses the native planner. */
export const nativeWarning =
  'The native planner plans: a single request can end this process, and nothing can catch that. ' +
  'Use the planner "auto" or "apollo" wherever clients are not your own.';

/** Makes the planner for a supergraph. Throws SUPERGRAPH_INVALID when the chosen one cannot plan on it. */
export function choosePlanner(
  supergraph: Supergraph,
  choice: PlannerChoice,
  options: PlanningOptions = {},
): Planner {
  try {
    switch (choice) {
      case 'auto':
      case 'apollo':
        return createApolloPlanner(supergraph, options.apolloConfig);
      case 'native': {
        const planner = requireNative(supergraph);
        options.warn?.(nativeWarning);
        return planner;
      }
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError(
      'SUPERGRAPH_INVALID',
      `The supergraph cannot be planned on: ${messageOf(cause)}`,
      {
        cause,
      },
    );
  }
}

function requireNative(supergraph: Supergraph): Planner {
  if (supergraph.usesContext) {
    throw new AppError(
      'SUPERGRAPH_INVALID',
      'The supergraph uses @fromContext, which the native planner does not plan. Use the planner "auto" or "apollo".',
    );
  }
  const risk = nativeLoadRisk(supergraph.document, supergraph.features);
  if (risk !== undefined) {
    throw new AppError(
      'SUPERGRAPH_INVALID',
      `The native planner cannot load the supergraph: ${risk}. Use the planner "auto" or "apollo".`,
    );
  }
  const planner = createNativePlanner(supergraph);
  if (planner) return planner;
  throw new AppError(
    'SUPERGRAPH_INVALID',
    `The native planner has no binary for ${process.platform} ${process.arch}. Use the planner "auto" or "apollo".`,
  );
}
