import type { ShowsCost } from '../../engine/apollo/operation-limits.ts';
import type { OperationLimits } from '../../engine/limits/limits.ts';
import { OperationDemands } from '../../engine/limits/operation-demands.ts';
import type { LimitsConfig } from '../config/limits.ts';

/** The limits of a gateway on operations. */
export interface GatewayLimits extends OperationLimits {
  readonly demands: OperationDemands;
  readonly maxCost: number;
  /** Whether a client sees the estimated cost of its operation in `extensions.cost`. */
  readonly showsCost: ShowsCost;
}

/** Creates the limits of a gateway from its settings. */
export function createGatewayLimits(
  config: LimitsConfig,
  mode: 'development' | 'production',
): GatewayLimits {
  const { costMode, costMax: max, costListSize: listSize, costShown } = config;
  return {
    ...config,
    demands: new OperationDemands({ ...config, cost: { mode: costMode, max, listSize } }),
    maxCost: max,
    showsCost: shownTo(costShown ?? (mode === 'development' ? 'asked' : 'never')),
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
