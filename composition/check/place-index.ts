import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  Kind,
  type NameNode,
  OperationTypeNode,
} from 'graphql';
import { placesOf } from '../locate.ts';
import type { SourcePlace } from '../problem.ts';
import { SubgraphSource } from '../subgraph-source.ts';

/** Finds the place of a schema coordinate; in one subgraph if its name is given. */
export type PlaceOf = (coordinate: string, subgraph?: string) => SourcePlace | undefined;

/**
 * Finds definitions in the subgraphs' documents by their supergraph names. If several subgraphs
 * define a coordinate, the first one that resolves it wins; for a type, the one with the most fields.
 */
export function placeIndex(documents: readonly DocumentNode[]): PlaceOf {
  let index: ReadonlyMap<string, Found> | undefined;
  return (coordinate, subgraph) => {
    index ??= indexOf(documents);
    const found =
      (subgraph === undefined ? undefined : index.get(keyIn(subgraph, coordinate))) ??
      index.get(coordinate);
    return found && placesOf([found.node])[0];
  };
}

function keyIn(subgraph: string, coordinate: string): string {
  return `${subgraph}: ${coordinate}`;
}

interface Found {
  readonly node: NameNode;
  /** The subgraph with the most fields wins. */
  readonly weight: number;
}

interface Named {
  readonly name: NameNode;
  readonly directives?: readonly ConstDirectiveNode[] | undefined;
  readonly arguments?: readonly Named[] | undefined;
}

function indexOf(documents: readonly DocumentNode[]): ReadonlyMap<string, Found> {
  const index = new Map<string, Found>();
  const add = (coordinate: string, node: NameNode, weight: number): void => {
    const found = index.get(coordinate);
    if (!found || found.weight < weight) index.set(coordinate, { node, weight });
    const source = node.loc?.source;
    if (!(source instanceof SubgraphSource)) return;
    const key = keyIn(source.subgraph, coordinate);
    if (!index.has(key)) index.set(key, { node, weight });
  };
  for (const document of documents) {
    const roots = rootNames(document);
    for (const definition of document.definitions) {
      if (!('name' in definition) || !definition.name) continue;
      if (definition.kind === Kind.DIRECTIVE_DEFINITION) {
        const coordinate = `@${definition.name.value}`;
        add(coordinate, definition.name, 0);
        for (const { name } of definition.arguments ?? [])
          add(`${coordinate}(${name.value}:)`, name, 0);
        continue;
      }
      const type = roots.get(definition.name.value) ?? definition.name.value;
      const members = membersOf(definition);
      add(type, definition.name, members.filter(isResolved).length);
      for (const member of members) {
        const weight = isResolved(member) ? 1 : 0;
        add(`${type}.${member.name.value}`, member.name, weight);
        for (const { name } of member.arguments ?? [])
          add(`${type}.${member.name.value}(${name.value}:)`, name, weight);
      }
    }
  }
  return index;
}

function membersOf(definition: DefinitionNode): readonly Named[] {
  if ('fields' in definition) return definition.fields ?? [];
  return 'values' in definition ? (definition.values ?? []) : [];
}

function isResolved({ directives = [] }: Named): boolean {
  return !directives.some(({ name }) => /^(?:federation__)?external$/.test(name.value));
}

/** Root types have their default names in a supergraph, whatever the subgraph calls them. */
function rootNames({ definitions }: DocumentNode): ReadonlyMap<string, string> {
  const usual = {
    [OperationTypeNode.QUERY]: 'Query',
    [OperationTypeNode.MUTATION]: 'Mutation',
    [OperationTypeNode.SUBSCRIPTION]: 'Subscription',
  };
  return new Map(
    definitions.flatMap((definition) =>
      definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION
        ? (definition.operationTypes ?? []).map(
            ({ operation, type }) => [type.name.value, usual[operation]] as const,
          )
        : [],
    ),
  );
}
