import {
  type ConstDirectiveNode,
  type FieldDefinitionNode,
  Kind,
  type SelectionNode,
  type TypeDefinitionNode,
} from 'graphql';
import { argumentOf, flagOf, textOf } from '../supergraph/directive-arguments.ts';
import { namedTypeOf } from '../supergraph/type-nodes.ts';
import { parseFieldSet } from './field-set.ts';

/** A field in one subgraph. */
export interface FieldInGraph {
  readonly graph: number;
  /** True when the subgraph resolves it only on a path that provides it. */
  readonly isExternal: boolean;
  /** The fields that the subgraph needs to resolve it (`@requires`). */
  readonly requires: readonly SelectionNode[] | undefined;
  /** The otherwise external fields below it that the subgraph resolves (`@provides`). */
  readonly provides: readonly SelectionNode[] | undefined;
  /** The label of a progressive `@override`, and whether the subgraph resolves the field when it is active. */
  readonly label: string | undefined;
  readonly isForActiveLabel: boolean;
  readonly contexts: readonly ContextUse[];
  /** The name of its type in the subgraph. */
  readonly typename: string;
}

/** An argument whose value comes from an enclosing object (`@fromContext`). */
export interface ContextUse {
  readonly argument: string;
  readonly type: string;
  readonly context: string;
  readonly selection: readonly SelectionNode[];
}

/** A type in one subgraph. */
export interface TypeInGraph {
  readonly keys: readonly (readonly SelectionNode[])[];
  readonly isInterfaceObject: boolean;
}

/** The index of the subgraph that a directive names. */
export type GraphOf = (directive: ConstDirectiveNode) => number | undefined;

/** A type in each subgraph that has it. */
export function readGraphs(
  { directives = [] }: TypeDefinitionNode,
  graphOf: GraphOf,
): ReadonlyMap<number, TypeInGraph> {
  const found = new Map<
    number,
    { keys: (readonly SelectionNode[])[]; isInterfaceObject: boolean }
  >();
  for (const directive of directives) {
    if (directive.name.value !== 'join__type') continue;
    const graph = graphOf(directive);
    if (graph === undefined) continue;
    let known = found.get(graph);
    if (!known) found.set(graph, (known = { keys: [], isInterfaceObject: false }));
    if (flagOf(directive, 'isInterfaceObject') === true) known.isInterfaceObject = true;
    const key = textOf(directive, 'key');
    if (key !== undefined && flagOf(directive, 'resolvable') !== false)
      known.keys.push(parseFieldSet(key));
  }
  return found;
}

/** A field in each subgraph that has it: every subgraph with the type, unless its directives say otherwise. */
export function readOffers(
  field: FieldDefinitionNode,
  graphs: Iterable<number>,
  graphOf: GraphOf,
): readonly FieldInGraph[] {
  const typename = namedTypeOf(field.type);
  const directives = (field.directives ?? []).filter(({ name }) => name.value === 'join__field');
  if (directives.length === 0) {
    return Array.from(graphs, (graph) => ({ ...plain, graph, typename }));
  }
  return directives.flatMap((directive): FieldInGraph[] => {
    const graph = graphOf(directive);
    if (graph === undefined) return [];
    const own = textOf(directive, 'type');
    const label = textOf(directive, 'overrideLabel');
    const requires = textOf(directive, 'requires');
    const provides = textOf(directive, 'provides');
    return [
      {
        graph,
        typename: own === undefined ? typename : own.replaceAll(/[^\w]/g, ''),
        isExternal:
          flagOf(directive, 'external') === true || flagOf(directive, 'usedOverridden') === true,
        requires: requires === undefined ? undefined : parseFieldSet(requires),
        provides: provides === undefined ? undefined : parseFieldSet(provides),
        label: label === '' ? undefined : label,
        isForActiveLabel: textOf(directive, 'override') !== undefined,
        contexts: readContexts(directive),
      },
    ];
  });
}

const plain = {
  isExternal: false,
  requires: undefined,
  provides: undefined,
  label: undefined,
  isForActiveLabel: false,
  contexts: [],
} as const;

function readContexts(directive: ConstDirectiveNode): readonly ContextUse[] {
  const list = argumentOf(directive, 'contextArguments');
  if (list?.kind !== Kind.LIST) return plain.contexts;
  return list.values.flatMap((item) => {
    if (item.kind !== Kind.OBJECT) return [];
    const text = (name: string): string => {
      const value = item.fields.find((each) => each.name.value === name)?.value;
      return value?.kind === Kind.STRING ? value.value : '';
    };
    const selection = parseFieldSet(text('selection'));
    return [{ argument: text('name'), type: text('type'), context: text('context'), selection }];
  });
}
