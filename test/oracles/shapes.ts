import type { Shape } from '../support/oracles/random-operations.ts';
import { interfaceObjects } from './supergraphs/interface-objects.ts';
import { keysAndRequirements } from './supergraphs/keys-and-requirements.ts';
import { storefront } from './supergraphs/storefront.ts';
import { unionsAndLists } from './supergraphs/unions-and-lists.ts';

/** A supergraph that random operations are tried on. */
export interface TriedShape extends Shape {
  /** How many, unless another number is asked for: fewer where Apollo's planner takes long. Together they are 2,000. */
  readonly operations: number;
}

/** The supergraphs that random operations are tried on, by name. */
export const shapes = {
  storefront: { schemas: storefront, operations: 700 },
  'unions and lists': { schemas: unionsAndLists, operations: 800 },
  'keys and requirements': { schemas: keysAndRequirements, operations: 300 },
  'interface objects': {
    schemas: interfaceObjects,
    operations: 200,
    withoutNative: 'some of its answers on interface objects are wrong',
  },
} as const satisfies Readonly<Record<string, TriedShape>>;
