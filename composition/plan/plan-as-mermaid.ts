import { Kind, parse } from 'graphql';
import type {
  FetchNode,
  PlanNode,
  PlanPath,
  QueryPlan,
  RequiredSelection,
} from '../../engine/execution/plan.ts';
import { pathText } from './path-text.ts';

/** A plan as a Mermaid flow chart: a box for each subgraph request, and an arrow to each request that needs its answer. */
export function planAsMermaid({ node }: QueryPlan): string {
  const lines: string[] = [];
  let boxes = 0;
  const box = (label: readonly string[]): Part => {
    boxes += 1;
    const id = `request${boxes}`;
    lines.push(`  ${id}["${label.join('<br/>')}"]`);
    return { first: [id], last: [id] };
  };
  if (node) draw(node, [], { box, arrow: (from, to) => lines.push(`  ${from} --> ${to}`) });
  return ['flowchart LR', ...lines].join('\n');
}

/** A part of a chart: its first boxes and its last ones. */
interface Part {
  readonly first: readonly string[];
  readonly last: readonly string[];
}

interface Pen {
  box(label: readonly string[]): Part;
  arrow(from: string, to: string): void;
}

function draw(node: PlanNode, path: PlanPath, pen: Pen): Part {
  switch (node.kind) {
    case 'fetch':
      return pen.box(labelOf(node, path));
    case 'batch-fetch':
      return pen.box([
        node.subgraph,
        ...node.groups.flatMap(({ paths, entities }) =>
          paths.map((each) => `${typesIn(entities.requires)} at ${pathText(each)}`),
        ),
      ]);
    case 'flatten':
      return draw(node.node, node.path, pen);
    case 'parallel':
      return sideBySide(node.nodes, path, pen);
    case 'sequence':
      return inSeries(node.nodes, path, pen);
    case 'condition':
      return sideBySide(present([node.whenTrue, node.whenFalse]), path, pen);
    case 'subscription':
      return inSeries(present([node.primary, node.rest]), path, pen);
    case 'defer': {
      const parts = node.deferred.map((part) => part.node);
      return sideBySide(present([node.primary.node, ...parts]), path, pen);
    }
  }
}

function present(nodes: readonly (PlanNode | undefined)[]): readonly PlanNode[] {
  return nodes.filter((node) => node !== undefined);
}

function sideBySide(nodes: readonly PlanNode[], path: PlanPath, pen: Pen): Part {
  const parts = nodes.map((node) => draw(node, path, pen));
  return {
    first: parts.flatMap(({ first }) => first),
    last: parts.flatMap(({ last }) => last),
  };
}

function inSeries(nodes: readonly PlanNode[], path: PlanPath, pen: Pen): Part {
  const parts = nodes.map((node) => draw(node, path, pen));
  for (const [at, { first }] of parts.entries()) {
    for (const from of parts[at - 1]?.last ?? []) for (const to of first) pen.arrow(from, to);
  }
  return { first: parts[0]?.first ?? [], last: parts.at(-1)?.last ?? [] };
}

function labelOf({ subgraph, entities, operation }: FetchNode, path: PlanPath): readonly string[] {
  return [
    subgraph,
    entities
      ? `${typesIn(entities.requires)} at ${pathText(path)}`
      : rootFieldsOf(operation).join(', '),
  ];
}

function rootFieldsOf(operation: string): readonly string[] {
  return parse(operation, { noLocation: true }).definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION
      ? definition.selectionSet.selections.flatMap((selection) =>
          selection.kind === Kind.FIELD ? [selection.name.value] : [],
        )
      : [],
  );
}

function typesIn(requires: readonly RequiredSelection[]): string {
  const names = requires.flatMap((each) => (each.kind === 'fragment' ? [each.typeCondition] : []));
  return [...new Set(names)].join(', ');
}
