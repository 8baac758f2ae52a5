import {
  type DocumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { FetchNode, PlanNode, RequiredSelection } from '../execution/plan.ts';
import type { SeparatedRequirements, StandIn } from './requirement-arguments.ts';

/** Puts the real fields back in the place of stand-ins, in all that a fetch sends and takes. */
export function restoreRequirements(node: FetchNode, separated: SeparatedRequirements): PlanNode {
  const { stands } = separated;
  const document = parse(node.operation, { noLocation: true });
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return node;
  const { entities } = node;
  if (!entities || standInsIn(entities.requires, stands).length === 0) {
    return withOperation(node, operation, stands);
  }
  const units = entityFields(operation).map((unit) => ({
    selection: unit.selection,
    needs: separated.standInsOf(node.subgraph, unit.type, unit.field),
  }));
  const parts = compatible(units).map(({ selections, needs }) =>
    withOperation(
      { ...node, entities: { ...entities, requires: restored(entities.requires, stands, needs) } },
      withEntityFields(operation, selections),
      stands,
    ),
  );
  const [only] = parts;
  return only && parts.length === 1 ? only : { kind: 'parallel', nodes: parts };
}

interface Unit {
  readonly selection: SelectionNode;
  readonly needs: readonly StandIn[];
}

interface EntityField {
  readonly selection: SelectionNode;
  readonly type: string;
  readonly field: string;
}

interface Part {
  readonly selections: SelectionNode[];
  readonly needs: StandIn[];
}

/** Shares the fields out so that no part needs one field with two sets of arguments: a representation holds one. */
function compatible(units: readonly Unit[]): readonly Part[] {
  const parts: Part[] = [];
  for (const { selection, needs } of units) {
    const isFree = (part: Part): boolean =>
      needs.every((need) =>
        part.needs.every((other) => other.origin !== need.origin || other === need),
      );
    let part = parts.find(isFree);
    if (!part) parts.push((part = { selections: [], needs: [] }));
    part.selections.push(selection);
    part.needs.push(...needs);
  }
  return parts;
}

/** The fields of entities, each in the fragments around it, with the type it is selected on. */
function entityFields(operation: OperationDefinitionNode): EntityField[] {
  const [entities] = operation.selectionSet.selections;
  return entities?.kind === Kind.FIELD && entities.selectionSet
    ? unwrap(entities.selectionSet, '')
    : [];
}

function unwrap({ selections }: SelectionSetNode, type: string): EntityField[] {
  return selections.flatMap((selection): EntityField[] => {
    if (selection.kind === Kind.FIELD) return [{ selection, type, field: selection.name.value }];
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    const inner = unwrap(selection.selectionSet, selection.typeCondition?.name.value ?? type);
    return inner.map((unit) => ({
      ...unit,
      selection: {
        ...selection,
        selectionSet: { kind: Kind.SELECTION_SET, selections: [unit.selection] } as const,
      },
    }));
  });
}

function withEntityFields(
  operation: OperationDefinitionNode,
  selections: readonly SelectionNode[],
): OperationDefinitionNode {
  const [entities] = operation.selectionSet.selections;
  if (entities?.kind !== Kind.FIELD) return operation;
  const field: FieldNode = { ...entities, selectionSet: { kind: Kind.SELECTION_SET, selections } };
  return { ...operation, selectionSet: { ...operation.selectionSet, selections: [field] } };
}

function withOperation(
  node: FetchNode,
  operation: OperationDefinitionNode,
  stands: ReadonlyMap<string, StandIn>,
): FetchNode {
  const real = visit(operation, {
    Field: (field) => {
      const standIn = stands.get(field.name.value);
      if (!standIn) return undefined;
      const name = { kind: Kind.NAME, value: standIn.field } as const;
      return { ...field, alias: field.alias ?? field.name, name, arguments: standIn.arguments };
    },
  });
  const used = new Set<string>();
  visit(real.selectionSet, { Variable: ({ name }) => void used.add(name.value) });
  const variableDefinitions = real.variableDefinitions?.filter(({ variable }) =>
    used.has(variable.name.value),
  );
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [{ ...real, variableDefinitions }],
  };
  return {
    ...node,
    operation: print(document),
    variables: node.variables.filter((variable) => used.has(variable)),
  };
}

/** What is required with the stand-ins that are needed, under the real names, and without the others. */
function restored(
  selections: readonly RequiredSelection[],
  stands: ReadonlyMap<string, StandIn>,
  needs: readonly StandIn[],
): readonly RequiredSelection[] {
  return selections.flatMap((selection): RequiredSelection[] => {
    const below = selection.selections && restored(selection.selections, stands, needs);
    if (selection.kind === 'fragment') return [{ ...selection, selections: below ?? [] }];
    const standIn = stands.get(selection.from);
    if (!standIn) return [{ ...selection, selections: below }];
    return needs.includes(standIn) ? [{ ...selection, to: standIn.field, selections: below }] : [];
  });
}

function standInsIn(
  selections: readonly RequiredSelection[],
  stands: ReadonlyMap<string, StandIn>,
): readonly StandIn[] {
  return selections.flatMap((selection) => {
    const below = selection.selections ? standInsIn(selection.selections, stands) : [];
    const standIn = selection.kind === 'field' ? stands.get(selection.from) : undefined;
    return standIn ? [standIn, ...below] : below;
  });
}
