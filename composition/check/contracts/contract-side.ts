import { buildSchema, type GraphQLSchema } from 'graphql';
import type { ContractEntry } from '../../config.ts';
import { contractOf } from '../../contract/contract.ts';
import type { CompositionProblem } from '../../problem.ts';
import type { ParsedSubgraph } from '../../read-schema.ts';

/** A contract on one side of a check: what its clients see, or why there is none. */
export type ContractSide =
  | { readonly ok: true; readonly api: GraphQLSchema }
  | { readonly ok: false; readonly problems: readonly CompositionProblem[] };

/** The contracts of one side, by their names. */
export type ContractSides = ReadonlyMap<string, ContractSide>;

/** Makes contracts of a supergraph. */
export function contractSides(
  contracts: readonly ContractEntry[],
  supergraphSdl: string,
  subgraphs: readonly ParsedSubgraph[],
): ContractSides {
  return new Map(
    contracts.map(({ name, include, exclude }) => {
      const made = contractOf(supergraphSdl, { include, exclude }, subgraphs);
      return [name, made.ok ? { ok: true, api: apiOf(made.apiSdl) } : made] as const;
    }),
  );
}

function apiOf(sdl: string): GraphQLSchema {
  return buildSchema(sdl, { assumeValid: true, assumeValidSDL: true, noLocation: true });
}
