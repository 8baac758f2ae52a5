import {
  type ArgumentNode,
  type ConstArgumentNode,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type FieldNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  type TypeNode,
  visit,
} from 'graphql';

/**
 * Fields that some `@requires` take with one set of arguments and some with another. Apollo's planner fetches a
 * required field under its own name, so that of two sets of arguments one is lost. Here each set becomes a field of
 * its own, without arguments, on the supergraph that the planner plans on; in the plan it turns back into an alias.
 */
export interface SeparatedRequirements {
  /** The supergraph with those fields. */
  readonly document: DocumentNode;
  /** The fields by their new names, which are unique. */
  readonly stands: ReadonlyMap<string, StandIn>;
  /** The stand-ins that a field of a subgraph requires. */
  standInsOf(subgraph: string, type: string, field: string): readonly StandIn[];
  /** True when an operation selects fields that require one field with different sets of arguments. */
  areMixedIn(operation: DocumentNode): boolean;
}

/** A field with arguments under a name of its own. */
export interface StandIn {
  readonly name: string;
  /** `Type.field` that it stands for. */
  readonly origin: string;
  readonly field: string;
  readonly arguments: readonly ArgumentNode[];
}

/** `undefined` for a supergraph without such fields, which is to say nearly always. */
export function separateRequirements(document: DocumentNode): SeparatedRequirements | undefined {
  const types = objectTypes(document);
  const requirements = [...types.values()].flatMap(requirementsOf);
  const standIns = standInsFor(requirements, types);
  if (standIns.size === 0) return undefined;

  const byRequiring = new Map<string, StandIn[]>();
  const rewritten = new Map<string, string>();
  for (const { type, field, graph, fieldSet } of requirements) {
    const used: StandIn[] = [];
    const selection = replaceFields(parseFieldSet(fieldSet), type, types, standIns, used);
    rewritten.set(`${type} ${fieldSet}`, printFieldSet(selection));
    byRequiring.set(`${graph} ${type}.${field}`, used);
  }
  const graphs = graphsByName(document);
  return {
    document: {
      ...document,
      definitions: document.definitions.map((definition) =>
        definition.kind === Kind.OBJECT_TYPE_DEFINITION
          ? withStandIns(definition, standIns, rewritten)
          : definition,
      ),
    },
    stands: new Map([...standIns.values()].map((standIn) => [standIn.name, standIn])),
    standInsOf: (subgraph, type, field) =>
      byRequiring.get(`${graphs.get(subgraph) ?? ''} ${type}.${field}`) ?? [],
    areMixedIn: mixtureCheck(requirements, byRequiring),
  };
}

/** Looks at the names of fields only, whatever their types: it may say yes where types keep the fields apart. */
function mixtureCheck(
  requirements: readonly Requirement[],
  byRequiring: ReadonlyMap<string, readonly StandIn[]>,
): (operation: DocumentNode) => boolean {
  const needs = new Map<string, { readonly standIns: StandIn[]; readonly fields: string[] }>();
  for (const { type, field, graph, fieldSet } of requirements) {
    const need = needs.get(field) ?? { standIns: [], fields: [] };
    need.standIns.push(...(byRequiring.get(`${graph} ${type}.${field}`) ?? []));
    visit(parseFieldSet(fieldSet), { Field: ({ name }) => void need.fields.push(name.value) });
    needs.set(field, need);
  }
  return (operation) => {
    const seen = new Set<string>();
    const byOrigin = new Map<string, StandIn>();
    let areMixed = false;
    const add = (field: string): void => {
      const need = needs.get(field);
      if (!need || seen.has(field)) return;
      seen.add(field);
      for (const standIn of need.standIns) {
        const other = byOrigin.get(standIn.origin) ?? standIn;
        if (other !== standIn) areMixed = true;
        byOrigin.set(standIn.origin, standIn);
      }
      need.fields.forEach(add);
    };
    visit(operation, { Field: ({ name }) => add(name.value) });
    return areMixed;
  };
}

interface Requirement {
  readonly type: string;
  readonly field: string;
  readonly graph: string;
  readonly fieldSet: string;
}

type Types = ReadonlyMap<string, ObjectTypeDefinitionNode>;

function objectTypes({ definitions }: DocumentNode): Types {
  return new Map(
    definitions.flatMap((definition) =>
      definition.kind === Kind.OBJECT_TYPE_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  );
}

function requirementsOf({ name, fields = [] }: ObjectTypeDefinitionNode): Requirement[] {
  return fields.flatMap((field) =>
    (field.directives ?? []).flatMap((directive) => {
      const fieldSet = textOf(directive, 'requires');
      const graph = textOf(directive, 'graph');
      if (directive.name.value !== 'join__field' || fieldSet === undefined || graph === undefined)
        return [];
      return [{ type: name.value, field: field.name.value, graph, fieldSet }];
    }),
  );
}

/** Stand-ins by what they stand for, for every field that is required in more than one way. */
function standInsFor(
  requirements: readonly Requirement[],
  types: Types,
): ReadonlyMap<string, StandIn> {
  const ways = new Map<string, Map<string, FieldNode>>();
  for (const { type, fieldSet } of requirements) {
    eachField(parseFieldSet(fieldSet), type, types, (origin, field) => {
      const known = ways.get(origin) ?? new Map<string, FieldNode>();
      ways.set(origin, known.set(keyOf(origin, field), field));
    });
  }
  const standIns = new Map<string, StandIn>();
  for (const [origin, fields] of ways) {
    if (fields.size < 2) continue;
    for (const [key, field] of fields) {
      standIns.set(key, {
        name: `${field.name.value}__with_arguments_${standIns.size}`,
        origin,
        field: field.name.value,
        arguments: field.arguments ?? [],
      });
    }
  }
  return standIns;
}

function eachField(
  { selections }: SelectionSetNode,
  type: string,
  types: Types,
  look: (origin: string, field: FieldNode) => void,
): void {
  for (const selection of selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      eachField(selection.selectionSet, selection.typeCondition?.name.value ?? type, types, look);
    } else if (selection.kind === Kind.FIELD) {
      look(`${type}.${selection.name.value}`, selection);
      if (selection.selectionSet) {
        eachField(selection.selectionSet, typeOf(type, selection, types), types, look);
      }
    }
  }
}

function replaceFields(
  set: SelectionSetNode,
  type: string,
  types: Types,
  standIns: ReadonlyMap<string, StandIn>,
  used: StandIn[],
): SelectionSetNode {
  const selections = set.selections.map((selection): SelectionNode => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return selection;
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const condition = selection.typeCondition?.name.value ?? type;
      return {
        ...selection,
        selectionSet: replaceFields(selection.selectionSet, condition, types, standIns, used),
      };
    }
    const below = typeOf(type, selection, types);
    const selectionSet =
      selection.selectionSet && replaceFields(selection.selectionSet, below, types, standIns, used);
    const standIn = standIns.get(keyOf(`${type}.${selection.name.value}`, selection));
    if (!standIn) return { ...selection, selectionSet };
    used.push(standIn);
    return {
      ...selection,
      name: { kind: Kind.NAME, value: standIn.name },
      arguments: [],
      selectionSet,
    };
  });
  return { ...set, selections };
}

function withStandIns(
  type: ObjectTypeDefinitionNode,
  standIns: ReadonlyMap<string, StandIn>,
  rewritten: ReadonlyMap<string, string>,
): ObjectTypeDefinitionNode {
  const typename = type.name.value;
  const fields = (type.fields ?? []).flatMap((field): FieldDefinitionNode[] => {
    const origin = `${typename}.${field.name.value}`;
    const added = [...standIns.values()].flatMap((standIn) =>
      standIn.origin === origin
        ? [{ ...field, name: { kind: Kind.NAME, value: standIn.name } as const, arguments: [] }]
        : [],
    );
    return [
      {
        ...field,
        directives: field.directives?.map((each) => withRewrittenSet(each, typename, rewritten)),
      },
      ...added,
    ];
  });
  return { ...type, fields };
}

function withRewrittenSet(
  directive: ConstDirectiveNode,
  type: string,
  rewritten: ReadonlyMap<string, string>,
): ConstDirectiveNode {
  const args = directive.arguments?.map((argument): ConstArgumentNode => {
    if (argument.name.value !== 'requires' || argument.value.kind !== Kind.STRING) return argument;
    const fieldSet = rewritten.get(`${type} ${argument.value.value}`);
    return fieldSet === undefined
      ? argument
      : { ...argument, value: { kind: Kind.STRING, value: fieldSet } };
  });
  return { ...directive, arguments: args };
}

function graphsByName({ definitions }: DocumentNode): ReadonlyMap<string, string> {
  const graphs = new Map<string, string>();
  const isGraphs = (definition: DefinitionNode): boolean =>
    definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === 'join__Graph';
  for (const definition of definitions.filter(isGraphs)) {
    visit(definition, {
      EnumValueDefinition: ({ name, directives }) => {
        for (const directive of directives ?? []) {
          const subgraph = textOf(directive, 'name');
          if (subgraph !== undefined) graphs.set(subgraph, name.value);
        }
      },
    });
  }
  return graphs;
}

function typeOf(type: string, field: FieldNode, types: Types): string {
  const definition = types.get(type)?.fields?.find(({ name }) => name.value === field.name.value);
  return definition ? nameOf(definition.type) : '';
}

function nameOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);
}

function keyOf(origin: string, { arguments: args = [] }: FieldNode): string {
  return `${origin}(${args.map(print).sort().join()})`;
}

function parseFieldSet(fieldSet: string): SelectionSetNode {
  const text = fieldSet.trim().startsWith('{') ? fieldSet : `{${fieldSet}}`;
  const [operation] = parse(text, { noLocation: true }).definitions;
  return operation?.kind === Kind.OPERATION_DEFINITION
    ? operation.selectionSet
    : { kind: Kind.SELECTION_SET, selections: [] };
}

function printFieldSet(set: SelectionSetNode): string {
  return set.selections.map(print).join(' ').replaceAll(/\s+/g, ' ');
}

function textOf({ arguments: args }: ConstDirectiveNode, name: string): string | undefined {
  const value = args?.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined;
}
