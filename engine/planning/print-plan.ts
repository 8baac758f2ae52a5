import { type DocumentNode, Kind, parse, print, type SelectionSetNode } from 'graphql';
import type {
  DeferNode,
  DeferredNode,
  EntityGroup,
  FetchNode,
  PlanNode,
  PlanPath,
  QueryPlan,
  RequiredSelection,
} from '../execution/plan.ts';

/** A plan in the JSON format of Apollo's planner, for Apollo's tools; a batch is shown as parallel fetches. */
export function planAsJson({ node }: QueryPlan): object {
  return { kind: 'QueryPlan', ...(node && { node: nodeAsJson(node) }) };
}

/** A plan as text, in the notation of Apollo's tools. */
export function planAsText({ node }: QueryPlan): string {
  return node ? `QueryPlan {\n${indent(`${nodeAsText(node)},`)}\n}` : 'QueryPlan {}';
}

function nodeAsJson(node: PlanNode): object {
  switch (node.kind) {
    case 'sequence':
      return { kind: 'Sequence', nodes: node.nodes.map(nodeAsJson) };
    case 'parallel':
      return { kind: 'Parallel', nodes: node.nodes.map(nodeAsJson) };
    case 'flatten':
      return { kind: 'Flatten', path: pathKeys(node.path), node: nodeAsJson(node.node) };
    case 'subscription':
      return {
        kind: 'Subscription',
        primary: nodeAsJson(node.primary),
        rest: node.rest && nodeAsJson(node.rest),
      };
    case 'defer':
      return {
        kind: 'Defer',
        primary: { ...subselection(node.primary.selection), ...nodeWithin(node.primary) },
        deferred: node.deferred.map(deferredAsJson),
      };
    case 'condition':
      return {
        kind: 'Condition',
        condition: node.variable,
        ifClause: node.whenTrue && nodeAsJson(node.whenTrue),
        elseClause: node.whenFalse && nodeAsJson(node.whenFalse),
      };
    case 'fetch':
      return {
        kind: 'Fetch',
        serviceName: node.subgraph,
        ...(node.id !== undefined && { id: node.id }),
        variableUsages: node.variables,
        ...(node.entities && { requires: node.entities.requires.map(requiredAsJson) }),
        operation: node.operation,
        operationName: node.operationName,
        operationKind: node.operationKind,
      };
    case 'batch-fetch':
      return {
        kind: 'Parallel',
        nodes: node.groups.flatMap(({ paths, entities }) =>
          paths.map((path) => ({
            kind: 'Flatten',
            path: pathKeys(path),
            node: {
              kind: 'Fetch',
              serviceName: node.subgraph,
              ...(node.id !== undefined && { id: node.id }),
              variableUsages: node.variables,
              requires: entities.requires.map(requiredAsJson),
              operation: node.operation,
              operationName: node.operationName,
              operationKind: node.operationKind,
            },
          })),
        ),
      };
  }
}

function deferredAsJson(deferred: DeferredNode): object {
  const { label, depends, selection } = deferred;
  return {
    depends: depends.map((id) => ({ id })),
    ...(label !== undefined && { label }),
    queryPath: queryPathOf(deferred),
    ...subselection(selection),
    ...nodeWithin(deferred),
  };
}

function nodeWithin({ node }: { readonly node: PlanNode | undefined }): object {
  return node ? { node: nodeAsJson(node) } : {};
}

function subselection(selection: SelectionSetNode | undefined): object {
  if (!selection || selection.selections.length === 0) return {};
  return { subselection: print(selection).replaceAll(/\s+/g, ' ') };
}

/** The response keys to a deferred part; its paths differ only in their types. */
function queryPathOf({ paths: [path = []] }: DeferredNode): string[] {
  return path.flatMap((segment) => (segment.kind === 'key' ? [segment.name] : []));
}

function requiredAsJson(selection: RequiredSelection): object {
  return selection.kind === 'field'
    ? { kind: 'Field', name: selection.to, selections: selection.selections?.map(requiredAsJson) }
    : {
        kind: 'InlineFragment',
        typeCondition: selection.typeCondition,
        selections: selection.selections.map(requiredAsJson),
      };
}

function nodeAsText(node: PlanNode): string {
  switch (node.kind) {
    case 'sequence':
      return block('Sequence', node.nodes.map(nodeAsText));
    case 'parallel':
      return block('Parallel', node.nodes.map(nodeAsText));
    case 'flatten':
      return block(`Flatten(path: "${pathKeys(node.path).join('.')}")`, [nodeAsText(node.node)]);
    case 'subscription':
      return block('Subscription', [
        block('Primary', [nodeAsText(node.primary)]),
        ...(node.rest ? [block('Rest', [nodeAsText(node.rest)])] : []),
      ]);
    case 'defer':
      return deferAsText(node);
    case 'condition':
      return conditionAsText(node.variable, node.whenTrue, node.whenFalse);
    case 'fetch':
      return fetchAsText(node);
    case 'batch-fetch':
      return block(
        `BatchFetch(${serviceAsText(node)})`,
        node.groups.map((group) => groupAsText(group, node)),
      );
  }
}

function conditionAsText(
  variable: string,
  whenTrue: PlanNode | undefined,
  whenFalse: PlanNode | undefined,
): string {
  if (whenTrue && !whenFalse) return block(`Include(if: $${variable})`, [nodeAsText(whenTrue)]);
  if (whenFalse && !whenTrue) return block(`Skip(if: $${variable})`, [nodeAsText(whenFalse)]);
  return block(
    `Condition(if: $${variable})`,
    [
      whenTrue && block('if', [nodeAsText(whenTrue)]),
      whenFalse && block('else', [nodeAsText(whenFalse)]),
    ].filter((text) => text !== undefined),
  );
}

function deferAsText({ primary, deferred }: DeferNode): string {
  const parts = deferred.map((part) => {
    const { label, depends, selection, node } = part;
    const title = [
      `depends: [${depends.join(', ')}]`,
      `path: "${queryPathOf(part).join('/')}"`,
      ...(label === undefined ? [] : [`label: ${JSON.stringify(label)}`]),
    ];
    return `${partAsText(`Deferred(${title.join(', ')})`, selection, node)},`;
  });
  const first = partAsText('Primary', primary.selection, primary.node);
  return `Defer {\n${indent(`${first}, [\n${indent(parts.join('\n'))}\n]`)}\n}`;
}

function partAsText(
  title: string,
  selection: SelectionSetNode | undefined,
  node: PlanNode | undefined,
): string {
  const isEmpty = !selection || selection.selections.length === 0;
  const inner = [...(isEmpty ? [] : [`${print(selection)}:`]), ...(node ? [nodeAsText(node)] : [])];
  return `${title} {\n${indent(inner.join('\n'))}\n}`;
}

function serviceAsText({ subgraph, id }: Pick<FetchNode, 'subgraph' | 'id'>): string {
  return `service: "${subgraph}"${id === undefined ? '' : `, id: ${id}`}`;
}

function fetchAsText(node: FetchNode): string {
  const { entities, operation } = node;
  const document = parse(operation);
  const lines = entities
    ? `${requiredAsText(entities.requires)} =>\n${print(selectionOf(document, '_entities'))}`
    : print(selectionOf(document));
  return `Fetch(${serviceAsText(node)}) {\n${indent(lines)}\n}${fragmentsAsText(document)}`;
}

function groupAsText(
  { alias, paths, entities }: EntityGroup,
  { operation }: { operation: string },
): string {
  const selection = print(selectionOf(parse(operation), alias));
  const title = `Flatten(paths: ${paths.map((path) => `"${pathKeys(path).join('.')}"`).join(', ')})`;
  return `${title} {\n${indent(`${requiredAsText(entities.requires)} =>\n${selection}`)}\n}`;
}

function requiredAsText(selections: readonly RequiredSelection[]): string {
  const lines = selections.map((selection) => {
    const name = selection.kind === 'field' ? selection.to : `... on ${selection.typeCondition}`;
    return selection.selections ? `${name} ${requiredAsText(selection.selections)}` : name;
  });
  return `{\n${indent(lines.join('\n'))}\n}`;
}

/** The operation's selection set, or that of its root field with this response key. */
function selectionOf({ definitions }: DocumentNode, key?: string): SelectionSetNode {
  const operation = definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  const root: SelectionSetNode =
    operation?.kind === Kind.OPERATION_DEFINITION
      ? operation.selectionSet
      : { kind: Kind.SELECTION_SET, selections: [] };
  if (key === undefined) return root;
  const field = root.selections.find(
    (selection) =>
      selection.kind === Kind.FIELD && (selection.alias ?? selection.name).value === key,
  );
  return (field?.kind === Kind.FIELD ? field.selectionSet : undefined) ?? root;
}

function fragmentsAsText({ definitions }: DocumentNode): string {
  return definitions
    .filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)
    .map((fragment) => `\n${print(fragment)}`)
    .join('');
}

function pathKeys(path: PlanPath): string[] {
  return path.flatMap((segment) => {
    if (segment.kind === 'list') return ['@'];
    return segment.kind === 'key' ? [segment.name] : [`... on ${segment.names.join('|')}`];
  });
}

function block(title: string, inner: readonly string[]): string {
  return `${title} {\n${indent(inner.map((text) => `${text},`).join('\n'))}\n}`;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
