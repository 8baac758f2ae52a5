import { shapes } from '../../test/oracles/shapes.ts';
import { bigSupergraph } from '../../test/support/big-supergraph.ts';
import type { Shape } from '../../test/support/oracles/oracle.ts';
import { comparedOperations } from '../operations/storefront.ts';

/** Operations on one supergraph that every planner plans. */
export interface Workload {
  readonly shape: () => Shape;
  /** Whether random operations are planned, or those that are written down. */
  readonly texts: readonly string[] | 'random';
}

/** What is planned: the operations of the oracles, those of this benchmark, and a supergraph of 5,000 types. */
export const workloads: Readonly<Record<string, Workload>> = {
  ...Object.fromEntries(
    Object.entries(shapes).map(([name, shape]): [string, Workload] => [
      name,
      { shape: () => shape, texts: 'random' },
    ]),
  ),
  "this benchmark's storefront": {
    shape: () => shapes.storefront,
    texts: comparedOperations.map(({ query }) => query),
  },
  '50 subgraphs, 5,000 types': { shape: () => ({ schemas: bigSupergraph() }), texts: 'random' },
};
