import { variableNameOf } from '../../common/setting-variables.ts';
import { subgraphs } from '../../storefront/subgraphs.ts';

/** The names of all subgraphs, in the order in which the storefront starts them. */
export const subgraphNames: readonly string[] = subgraphs.map(({ name }) => name);

/** The variable that tells the gateway where a subgraph answers. */
export function urlVariable(subgraph: string): string {
  return `SUBGRAPH_${variableNameOf(subgraph)}_URL`;
}

/** Settings by which the gateway and each subgraph take a free port. */
export const freePorts: Readonly<Record<string, string>> = Object.fromEntries(
  ['gateway', ...subgraphNames].map((name) => [`${variableNameOf(name)}_PORT`, '0']),
);

/** Settings by which each subgraph has an identity key that is not that of development. */
export const identityKeys: Readonly<Record<string, string>> = Object.fromEntries(
  subgraphNames.map((name) => [
    `SUBGRAPH_${variableNameOf(name)}_IDENTITY_KEY`,
    `a key of ${name} that is not for development`,
  ]),
);
