import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  isTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  OperationTypeNode,
  parse,
  type SelectionSetNode,
  type TypeDefinitionNode,
} from 'graphql';
import { type ChannelTemplate, readChannelTemplate } from '../../common/channel-template.ts';
import { messageOf } from '../../common/errors.ts';
import { eventDirectiveIdentity } from '../../common/event-directive.ts';
import { flagOf, textOf } from './directive-arguments.ts';
import type { Feature } from './features.ts';
import { listsIn, namedTypeOf } from './type-nodes.ts';

/** A field of the Subscription type whose events come from a channel, by `@event`. */
export interface EventField {
  readonly name: string;
  readonly channel: ChannelTemplate;
  /** The key that the present state is asked by: its fields are arguments. `undefined` without `initial`. */
  readonly initialKey: EntityKey | undefined;
  /** Whether every viewer may see the events, so that no subgraph is asked about the viewer. */
  readonly isPublic: boolean;
  /** The name of its type. */
  readonly type: string;
}

/** A key of an entity, and where it is resolved. */
export interface EntityKey {
  /** The name of the subgraph. */
  readonly subgraph: string;
  readonly fields: SelectionSetNode;
}

/** What a supergraph says about events. */
export interface EventFields {
  /** By their names. */
  readonly fields: ReadonlyMap<string, EventField>;
  /** The subgraphs that consist of such fields, so that they have no server. */
  readonly withoutServer: ReadonlySet<string>;
  /** The keys by which subgraphs resolve an entity, by the name of its type. */
  readonly ownersOf: (type: string) => readonly EntityKey[];
}

const none: EventFields = {
  fields: new Map(),
  withoutServer: new Set(),
  ownersOf: () => [],
};

/** Reads them. Throws an Error for a use of `@event` that composition refuses. */
export function eventFieldsOf(document: DocumentNode, features: readonly Feature[]): EventFields {
  const feature = features.find(({ name }) => name === eventDirectiveIdentity);
  if (!feature) return none;
  const directive = feature.imports.get('@event')?.slice(1) ?? feature.namespace;
  const types = new Map(
    document.definitions.filter(isTypeDefinitionNode).map((each) => [each.name.value, each]),
  );
  const graphs = graphNames(types.get('join__Graph'));
  const root = rootOf(document, types, OperationTypeNode.SUBSCRIPTION);
  const fields = new Map<string, EventField>();
  const fieldsOfGraph = new Map<string, boolean[]>();
  for (const field of root?.fields ?? []) {
    const use = field.directives?.find(({ name }) => name.value === directive);
    for (const graph of graphsOfField(field, root)) {
      fieldsOfGraph.set(graph, [...(fieldsOfGraph.get(graph) ?? []), use !== undefined]);
    }
    if (use)
      fields.set(
        field.name.value,
        readField(field, use, types.get(namedTypeOf(field.type)), graphs),
      );
  }
  const others = [OperationTypeNode.QUERY, OperationTypeNode.MUTATION].flatMap((kind) => {
    const other = rootOf(document, types, kind);
    return (other?.fields ?? []).flatMap((field) => graphsOfField(field, other));
  });
  const serving = new Set([...others, ...[...types.values()].flatMap(resolvingGraphs)]);
  const withoutServer = [...fieldsOfGraph].flatMap(([graph, uses]) =>
    uses.every(Boolean) && !serving.has(graph) ? [graphs.get(graph) ?? graph] : [],
  );
  return {
    fields,
    withoutServer: new Set(withoutServer),
    ownersOf: (type) => keysOf(types.get(type), graphs).filter(({ isResolvable }) => isResolvable),
  };
}

function readField(
  field: FieldDefinitionNode,
  use: ConstDirectiveNode,
  type: TypeDefinitionNode | undefined,
  graphs: ReadonlyMap<string, string>,
): EventField {
  const name = field.name.value;
  const known = new Set((field.arguments ?? []).map((argument) => argument.name.value));
  const refuse = (problem: string): never => {
    throw new Error(`the field Subscription.${name} has an @event that ${problem}`);
  };
  let channel: ChannelTemplate;
  try {
    channel = readChannelTemplate(textOf(use, 'channel') ?? '');
  } catch (error) {
    return refuse(`cannot be used: its channel ${messageOf(error)}`);
  }
  const unknown = channel.names.find((argument) => !known.has(argument));
  if (unknown !== undefined)
    refuse(`names the argument "${unknown}", which the field does not have`);
  let initialKey: EntityKey | undefined;
  if (listsIn(field.type) > 0)
    refuse('cannot be used: an event is one object, and the type is a list');
  if (flagOf(use, 'initial') === true) {
    const keys = type?.kind === Kind.OBJECT_TYPE_DEFINITION ? keysOf(type, graphs) : [];
    initialKey = keys.find(({ fields }) =>
      fields.selections.every(
        (each) => each.kind === Kind.FIELD && !each.selectionSet && known.has(each.name.value),
      ),
    );
    if (!initialKey) refuse('has "initial", but the arguments are not a key of its type');
  }
  return {
    name,
    channel,
    initialKey,
    isPublic: flagOf(use, 'public') === true,
    type: namedTypeOf(field.type),
  };
}

function rootOf(
  { definitions }: DocumentNode,
  types: ReadonlyMap<string, TypeDefinitionNode>,
  kind: OperationTypeNode,
): ObjectTypeDefinitionNode | undefined {
  const named = definitions.flatMap((definition) =>
    definition.kind === Kind.SCHEMA_DEFINITION
      ? definition.operationTypes.filter(({ operation }) => operation === kind)
      : [],
  );
  const type = types.get(named[0]?.type.name.value ?? '');
  return type?.kind === Kind.OBJECT_TYPE_DEFINITION ? type : undefined;
}

/** The subgraphs of a field: those of its type, unless it names others (https://specs.apollo.dev/join/v0.3). */
function graphsOfField(
  field: FieldDefinitionNode,
  type: ObjectTypeDefinitionNode | undefined,
): readonly string[] {
  const own = graphsIn(field.directives, 'join__field');
  return own.length > 0 ? own : graphsIn(type?.directives, 'join__type');
}

function graphsIn(
  directives: readonly ConstDirectiveNode[] | undefined,
  name: string,
): readonly string[] {
  return (directives ?? []).flatMap((each) =>
    each.name.value === name ? (textOf(each, 'graph') ?? []) : [],
  );
}

function resolvingGraphs(type: TypeDefinitionNode): readonly string[] {
  return (type.directives ?? []).flatMap((each) => {
    const isResolved =
      each.name.value === 'join__type' &&
      textOf(each, 'key') !== undefined &&
      flagOf(each, 'resolvable') !== false;
    return isResolved ? (textOf(each, 'graph') ?? []) : [];
  });
}

function keysOf(
  type: TypeDefinitionNode | undefined,
  graphs: ReadonlyMap<string, string>,
): readonly (EntityKey & { readonly isResolvable: boolean })[] {
  return (type?.directives ?? []).flatMap((each) => {
    const key = each.name.value === 'join__type' ? textOf(each, 'key') : undefined;
    const graph = textOf(each, 'graph');
    if (key === undefined || graph === undefined) return [];
    const [definition] = parse(`{${key}}`, { noLocation: true }).definitions;
    if (definition?.kind !== Kind.OPERATION_DEFINITION) return [];
    return [
      {
        subgraph: graphs.get(graph) ?? graph,
        fields: definition.selectionSet,
        isResolvable: flagOf(each, 'resolvable') !== false,
      },
    ];
  });
}

function graphNames(type: TypeDefinitionNode | undefined): ReadonlyMap<string, string> {
  const values = type?.kind === Kind.ENUM_TYPE_DEFINITION ? (type.values ?? []) : [];
  return new Map(
    values.map(({ name, directives }) => {
      const graph = directives?.find((each) => each.name.value === 'join__graph');
      return [name.value, textOf(graph, 'name') ?? name.value];
    }),
  );
}
