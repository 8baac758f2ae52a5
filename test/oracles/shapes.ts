import type { Shape } from '../support/oracles/oracle.ts';
import { interfaceObjects } from './supergraphs/interface-objects.ts';
import { keysAndRequirements } from './supergraphs/keys-and-requirements.ts';
import { storefront } from './supergraphs/storefront.ts';
import { unionsAndLists } from './supergraphs/unions-and-lists.ts';

/** The supergraphs that random operations are tried on, by name. */
export const shapes = {
  storefront: { schemas: storefront },
  'unions and lists': { schemas: unionsAndLists },
  'keys and requirements': { schemas: keysAndRequirements },
  'interface objects': {
    schemas: interfaceObjects,
    withoutNative: 'some of its answers on interface objects are wrong',
  },
} as const satisfies Readonly<Record<string, Shape>>;
