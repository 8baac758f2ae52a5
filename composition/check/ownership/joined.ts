import { type ConstDirectiveNode, isTypeDefinitionNode, Kind } from 'graphql';
import { flagOf, textOf } from '../../../engine/supergraph/directive-arguments.ts';
import type { Supergraph } from '../../../engine/supergraph/supergraph.ts';
import { fieldSetText } from '../../field-set-text.ts';

/** Which subgraphs resolve what, from the join directives of the supergraph. */
export interface Joined {
  readonly subgraphs: ReadonlySet<string>;
  /** By field coordinate. */
  readonly fields: ReadonlyMap<string, JoinedField>;
  readonly keys: KeysByType;
}

/** The resolvable keys, by type and subgraph, such as `Product` and `orders`. */
export type KeysByType = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

/** The subgraphs that define a field. */
export interface JoinedField {
  /** The subgraphs that resolve it. */
  readonly owners: readonly string[];
  /** A progressive `@override`. */
  readonly override: { readonly from: string; readonly label: string | undefined } | undefined;
}

/** Reads the join directives. */
export function readJoined({ document, subgraphs }: Supergraph): Joined {
  const names = new Map<string, string>();
  const fields = new Map<string, JoinedField>();
  const keys = new Map<string, ReadonlyMap<string, readonly string[]>>();
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== 'join__Graph')
      continue;
    for (const { name, directives } of definition.values ?? []) {
      const graph = directives?.find((each) => each.name.value === 'join__graph');
      names.set(name.value, textOf(graph, 'name') ?? name.value);
    }
  }
  const graphOf = (directive: ConstDirectiveNode): string[] => {
    const graph = textOf(directive, 'graph');
    return graph === undefined ? [] : [names.get(graph) ?? graph];
  };
  for (const definition of document.definitions) {
    if (!isTypeDefinitionNode(definition)) continue;
    const type = definition.name.value;
    const joins = (definition.directives ?? []).filter(isNamed('join__type'));
    const graphs = [...new Set(joins.flatMap(graphOf))];
    keys.set(type, keysOf(joins, graphs, graphOf));
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    for (const field of definition.fields ?? []) {
      const own = (field.directives ?? []).filter(isNamed('join__field'));
      fields.set(`${type}.${field.name.value}`, fieldOf(own, graphs, graphOf));
    }
  }
  return { subgraphs: new Set(subgraphs.map(({ name }) => name)), fields, keys };
}

function isNamed(expected: string): (directive: ConstDirectiveNode) => boolean {
  return ({ name }) => name.value === expected;
}

type GraphOf = (directive: ConstDirectiveNode) => readonly string[];

function keysOf(
  joins: readonly ConstDirectiveNode[],
  graphs: readonly string[],
  graphOf: GraphOf,
): ReadonlyMap<string, readonly string[]> {
  return new Map(
    graphs.map((graph) => [
      graph,
      joins
        .filter((join) => graphOf(join)[0] === graph && flagOf(join, 'resolvable') !== false)
        .flatMap((join) => keyOf(join)),
    ]),
  );
}

function keyOf(join: ConstDirectiveNode): readonly string[] {
  const fields = textOf(join, 'key');
  return fields === undefined ? [] : [fieldSetText(fields)];
}

function fieldOf(
  joins: readonly ConstDirectiveNode[],
  graphs: readonly string[],
  graphOf: GraphOf,
): JoinedField {
  if (joins.length === 0) return { owners: graphs, override: undefined };
  const resolving = joins.filter(
    (join) => flagOf(join, 'external') !== true && flagOf(join, 'usedOverridden') !== true,
  );
  const overriding = joins.find((join) => textOf(join, 'override') !== undefined);
  const from = textOf(overriding, 'override');
  const label = textOf(overriding, 'overrideLabel');
  return {
    owners: resolving.flatMap(graphOf),
    override: from === undefined ? undefined : { from, label: label === '' ? undefined : label },
  };
}
