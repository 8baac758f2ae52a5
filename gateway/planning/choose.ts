import type { QueryPlannerConfig } from '@apollo/query-planner';
import { AppError, messageOf } from '../../common/errors.ts';
import type { QueryPlan } from '../execution/plan.ts';
import { createApolloPlanner } from './apollo-planner.ts';
import { nativeLoadRisk } from './native-load-risk.ts';
import { createNativePlanner } from './native-planner.ts';
import type { Planner, PlanRequest } from './planner.ts';
import { separateRequirements } from './requirement-arguments.ts';
import type { Supergraph } from './supergraph.ts';

/** `auto` takes the native planner wherever it is there and right, and Apollo's otherwise. */
export type PlannerChoice = 'auto' | 'native' | 'apollo';

/** What is told about planning. */
export interface PlanningOptions {
  /** Settings of Apollo's planner. */
  readonly apolloConfig?: QueryPlannerConfig | undefined;
  /** Told, each time one is planned, why Apollo's planner plans an operation in place of the native one. */
  readonly log?: ((message: string) => void) | undefined;
}

/** Makes the planner for a supergraph. Throws SUPERGRAPH_INVALID when the chosen one cannot plan on it. */
export function choosePlanner(
  supergraph: Supergraph,
  choice: PlannerChoice,
  options: PlanningOptions = {},
): Planner {
  const { apolloConfig } = options;
  try {
    switch (choice) {
      case 'apollo':
        return createApolloPlanner(supergraph, apolloConfig);
      case 'native':
        return requireNative(supergraph);
      case 'auto':
        // The native planner leaves out arguments that come from @fromContext without saying so, and is wrong about
        // some operations on interface objects.
        if (supergraph.usesContext || supergraph.usesInterfaceObjects)
          return createApolloPlanner(supergraph, apolloConfig);
        return nativeBeforeApollo(supergraph, options);
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

/**
 * An operation that the native planner refuses, or might plan wrongly without saying so, is planned by Apollo's, which
 * is loaded for the first of them.
 */
function nativeBeforeApollo(
  supergraph: Supergraph,
  { apolloConfig, log }: PlanningOptions,
): Planner {
  const risk = nativeLoadRisk(supergraph.document, supergraph.features);
  if (risk !== undefined) log?.(`Apollo's planner plans on this supergraph: ${risk}.`);
  const native = risk === undefined ? createNativePlanner(supergraph) : undefined;
  if (!native) return createApolloPlanner(supergraph, apolloConfig);
  let loaded: Planner | undefined;
  const apollo = (): Planner => (loaded ??= createApolloPlanner(supergraph, apolloConfig));
  const requirements = separateRequirements(supergraph.document);
  const planWithApollo = (request: PlanRequest, reason: string): QueryPlan => {
    const name =
      request.operationName === undefined ? 'An operation' : `"${request.operationName}"`;
    log?.(`${name} is planned by Apollo's planner: ${reason}`);
    return apollo().plan(request);
  };
  return {
    name: 'native',
    plan: (request) => {
      // Of a field that is required with two sets of arguments, it may send the value of one for both.
      if (requirements?.areMixedIn(request.document))
        return planWithApollo(request, 'it needs one field with different arguments.');
      try {
        return native.plan(request);
      } catch (error) {
        return planWithApollo(request, messageOf(error));
      }
    },
  };
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
