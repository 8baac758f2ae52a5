import type { Shape } from '../support/oracles/oracle.ts';
import { contexts } from './supergraphs/contexts.ts';
import { federation1, federation1Sdl } from './supergraphs/federation-1.ts';
import { interfaceObjects } from './supergraphs/interface-objects.ts';
import { keyChains } from './supergraphs/key-chains.ts';
import { keysAndRequirements } from './supergraphs/keys-and-requirements.ts';
import { overrideLabels } from './supergraphs/override-labels.ts';
import { renamedRoots } from './supergraphs/renamed-roots.ts';
import { storefront } from './supergraphs/storefront.ts';
import { unionsAndLists } from './supergraphs/unions-and-lists.ts';
import { valuesWithoutKeys } from './supergraphs/values-without-keys.ts';

/** Supergraphs on which the others are not asked. */
const demanding = {
  withoutApolloGateway: 'it is asked on other supergraphs',
} as const;

/** The supergraphs that random operations are tried on, by name. */
export const shapes = {
  storefront: { schemas: storefront },
  'unions and lists': { schemas: unionsAndLists },
  'keys and requirements': { schemas: keysAndRequirements },
  'interface objects': {
    schemas: interfaceObjects,
  },
  'Federation 1': { schemas: federation1, supergraphSdl: federation1Sdl, ...demanding },
  contexts: { schemas: contexts, ...demanding },
  'override labels': { schemas: overrideLabels, ...demanding },
  'key chains': { schemas: keyChains, isBeyond: ['apollo'], ...demanding },
  'values without keys': { schemas: valuesWithoutKeys, ...demanding },
  'renamed roots': { schemas: renamedRoots, ...demanding },
} as const satisfies Readonly<Record<string, Shape>>;
