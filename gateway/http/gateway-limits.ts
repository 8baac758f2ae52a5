import type { IncomingHttpHeaders } from 'node:http';
import type { ApolloServerOptions, ApolloServerPlugin } from '@apollo/server';
import type { LimitsConfig } from '../config/limits.ts';
import type { RawVariables } from '../execution/variables.ts';
import type { OperationLimits } from '../limits/limits.ts';
import type { CostOptions, Demand } from '../limits/operation-demand.ts';
import type { CostVerdict } from '../limits/violation.ts';
import type { GatewayContext, OperationNote } from './gateway-context.ts';
import type { KnownOperation } from './known-operations.ts';
import {
  costHeader,
  createDemands,
  type MeasuredOperation,
  operationLimits,
  type ShowsCost,
} from './operation-limits.ts';

/** The limits of a gateway, for both of its lanes. */
export interface GatewayLimits {
  readonly plugin: ApolloServerPlugin<GatewayContext>;
  /** What Apollo Server's own parser and validation keep to. */
  readonly serverOptions: Pick<
    ApolloServerOptions<GatewayContext>,
    'parseOptions' | 'validationOptions'
  >;
  /** For operations that have been through the plugin before: what depends on their variables. */
  readonly direct: DirectLimits;
}

/** The limits of the direct lane. */
export interface DirectLimits {
  measure(operation: KnownOperation, variables: RawVariables): Demand;
  /** What the log says of an operation that runs; the metrics are told, too. */
  note(operation: KnownOperation, demand: Demand): OperationNote;
  /** What an answer that has data says of the cost, to a client that reads it. */
  extensions(
    headers: IncomingHttpHeaders,
    demand: Demand,
  ): { readonly cost: CostVerdict } | undefined;
}

/** Told of every operation that is valid, before it runs or is refused. */
export type OnOperation = (measured: MeasuredOperation) => void;

/** The most validation errors that an answer tells. */
const maxValidationErrors = 10;

/** Builds the limits of a gateway from its settings. They write each operation and its cost into the log. */
export function createGatewayLimits(
  config: LimitsConfig,
  mode: 'development' | 'production',
  onOperation?: OnOperation,
): GatewayLimits {
  const limits: OperationLimits = config;
  const cost: CostOptions = {
    mode: config.costMode,
    max: config.costMax,
    listSize: config.costListSize,
  };
  const demands = createDemands({ limits, cost });
  const showsCost = shownTo(config.costShown ?? (mode === 'development' ? 'asked' : 'never'));
  return {
    plugin: operationLimits<GatewayContext>(
      {
        limits,
        cost,
        showsCost,
        onOperation: (measured, contextValue) => {
          const { operationKind, operationName, cost } = measured;
          contextValue.noteOperation({ operationKind, operationName, cost });
          onOperation?.(measured);
        },
      },
      demands,
    ),
    serverOptions: {
      parseOptions: { maxTokens: limits.maxTokens },
      validationOptions: { maxErrors: maxValidationErrors },
    },
    direct: {
      measure: (operation, variables) => demands.ofKept(operation)(variables),
      note: ({ note }, demand) => {
        onOperation?.({ ...note, ...demand, maxCost: cost.max });
        const { operationKind, operationName, lane } = note;
        return demand.cost === undefined
          ? note
          : { operationKind, operationName, lane, cost: demand.cost };
      },
      extensions: (headers, { cost: estimated }) =>
        estimated !== undefined && showsCost(headers[costHeader]?.toString())
          ? { cost: { estimated, max: cost.max } }
          : undefined,
    },
  };
}

function shownTo(view: 'never' | 'asked' | 'always'): ShowsCost {
  switch (view) {
    case 'never':
      return () => false;
    case 'asked':
      return (header) => header === '1' || header === 'true';
    case 'always':
      return () => true;
  }
}
