import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  parse,
  type SelectionSetNode,
  type TypeNode,
  visit,
} from 'graphql';
import { directiveName, type Feature } from './features.ts';
import { percentOf } from './override-labels.ts';

/**
 * Says why the native planner must not load a supergraph; `undefined` when it may. It ends the process where a
 * `@join__` directive names what is not there, or a cost is not what it expects. Composition writes no such
 * supergraph, apart from a cost below zero; a hand or a broken transfer may.
 */
export function nativeLoadRisk(
  document: DocumentNode,
  features: readonly Feature[],
): string | undefined {
  const types = readTypes(document);
  const graphs = graphNames(document);
  const costs = features.filter(({ name }) => name === 'cost');
  const costNames = new Set(costs.map((feature) => directiveName(feature, 'cost')));
  const sizeNames = new Set(costs.map((feature) => directiveName(feature, 'listSize')));
  let risk: string | undefined;
  const check = (directive: ConstDirectiveNode, type: string): void => {
    const name = directive.name.value;
    if (name.startsWith('join__')) risk ??= joinRisk(directive, type, types, graphs);
    if (costNames.has(name)) risk ??= costRisk(directive);
    if (sizeNames.has(name)) risk ??= sizeRisk(directive);
  };
  for (const definition of document.definitions) {
    if (definition.kind === Kind.DIRECTIVE_DEFINITION || !('name' in definition)) continue;
    const type = definition.name?.value ?? '';
    visit(definition, {
      Directive: (directive) => {
        check(directive as ConstDirectiveNode, type);
      },
      FieldDefinition: ({ name, directives }) => {
        for (const directive of directives ?? [])
          risk ??= providedRisk(directive, types.get(type)?.get(name.value), types);
      },
    });
    if (risk !== undefined) return risk;
  }
  return undefined;
}

/** Types by name, the named type of each of their fields. */
type Types = ReadonlyMap<string, ReadonlyMap<string, string>>;

function readTypes({ definitions }: DocumentNode): Types {
  return new Map(
    definitions.flatMap((definition): [string, ReadonlyMap<string, string>][] => {
      if (definition.kind === Kind.UNION_TYPE_DEFINITION)
        return [[definition.name.value, new Map()]];
      if (
        definition.kind !== Kind.OBJECT_TYPE_DEFINITION &&
        definition.kind !== Kind.INTERFACE_TYPE_DEFINITION
      )
        return [];
      const fields = (definition.fields ?? []).map(({ name, type }: FieldDefinitionNode) => {
        return [name.value, namedType(type)] as const;
      });
      return [[definition.name.value, new Map(fields)]];
    }),
  );
}

function graphNames({ definitions }: DocumentNode): ReadonlySet<string> {
  const graphs = definitions.flatMap((definition) =>
    definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === 'join__Graph'
      ? (definition.values ?? [])
      : [],
  );
  return new Set(graphs.map(({ name }) => name.value));
}

function joinRisk(
  directive: ConstDirectiveNode,
  type: string,
  types: Types,
  graphs: ReadonlySet<string>,
): string | undefined {
  const where = `a @${directive.name.value} of "${type}"`;
  const { name } = directive;
  if (name.value !== 'join__type' && name.value !== 'join__field') return undefined;
  const graph = valueOf(directive, 'graph');
  if (graph !== undefined && (graph.kind !== Kind.ENUM || !graphs.has(graph.value)))
    return `${where} names a subgraph that is not there`;
  const override = valueOf(directive, 'override');
  if (override && override.kind !== Kind.NULL && graph === undefined)
    return `${where} overrides in no subgraph`;
  const label = valueOf(directive, 'overrideLabel');
  if (
    label?.kind === Kind.STRING &&
    label.value.startsWith('percent(') &&
    percentOf(label.value) === undefined
  )
    return `${where} has the label "${label.value}"`;
  for (const argument of ['key', 'requires']) {
    const set = valueOf(directive, argument);
    if (set && !isFieldSet(set, type, types)) return `${where} has a "${argument}" without a field`;
  }
  return undefined;
}

function providedRisk(
  directive: ConstDirectiveNode,
  type: string | undefined,
  types: Types,
): string | undefined {
  const set = valueOf(directive, 'provides');
  if (directive.name.value !== 'join__field' || !set || isFieldSet(set, type, types))
    return undefined;
  return `a @join__field provides of "${type ?? ''}" what it has not`;
}

function costRisk(directive: ConstDirectiveNode): string | undefined {
  const weight = valueOf(directive, 'weight');
  if (weight?.kind === Kind.INT && Number(weight.value) >= 0) return undefined;
  return `the weight of a @${directive.name.value} is no integer from 0 on`;
}

function sizeRisk(directive: ConstDirectiveNode): string | undefined {
  const size = valueOf(directive, 'assumedSize');
  const isSize = size === undefined || size.kind === Kind.NULL || size.kind === Kind.INT;
  const areLists = ['slicingArguments', 'sizedFields'].every((name) => {
    const list = valueOf(directive, name);
    return (
      list === undefined ||
      list.kind === Kind.NULL ||
      (list.kind === Kind.LIST && list.values.every(({ kind }) => kind === Kind.STRING))
    );
  });
  if (areLists && isSize && !(size?.kind === Kind.INT && Number(size.value) < 0)) return undefined;
  return `a @${directive.name.value} has a size below 0, or lists of something else than names`;
}

type Value = NonNullable<ReturnType<typeof valueOf>>;

function isFieldSet(set: Value, type: string | undefined, types: Types): boolean {
  if (set.kind === Kind.NULL) return true;
  if (set.kind !== Kind.STRING || type === undefined) return false;
  const text = set.value.trim();
  try {
    const [operation] = parse(`{${text}}`, { noLocation: true }).definitions;
    return operation?.kind === Kind.OPERATION_DEFINITION
      ? isSelectionOf(operation.selectionSet, type, types)
      : false;
  } catch {
    return false;
  }
}

function isSelectionOf({ selections }: SelectionSetNode, type: string, types: Types): boolean {
  const fields = types.get(type);
  if (!fields) return false;
  return selections.every((selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return false;
    if (selection.kind === Kind.INLINE_FRAGMENT)
      return isSelectionOf(
        selection.selectionSet,
        selection.typeCondition?.name.value ?? type,
        types,
      );
    if (selection.name.value === '__typename') return selection.selectionSet === undefined;
    const below = fields.get(selection.name.value);
    if (below === undefined) return false;
    return selection.selectionSet
      ? isSelectionOf(selection.selectionSet, below, types)
      : !types.has(below);
  });
}

function valueOf(
  { arguments: args }: ConstDirectiveNode,
  name: string,
): NonNullable<ConstDirectiveNode['arguments']>[number]['value'] | undefined {
  return args?.find((argument) => argument.name.value === name)?.value;
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}
