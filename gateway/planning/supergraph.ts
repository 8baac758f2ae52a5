import {
  type ArgumentNode,
  assertValidSchema,
  type DocumentNode,
  type GraphQLSchema,
  isTypeDefinitionNode,
  Kind,
  parse,
  visit,
} from 'graphql';
import { AppError, messageOf } from '../../common/errors.ts';
import { buildApiSchema } from './api-schema.ts';
import { type Feature, featureElements, featureNotUnderstood, featuresOf } from './features.ts';
import { withExplicitJoins } from './join-versions.ts';

/** A subgraph as the supergraph names it. */
export interface SubgraphAddress {
  readonly name: string;
  /** Empty when composition was not told. */
  readonly url: string;
}

/** What a supergraph schema says, read once when it is loaded. */
export interface Supergraph {
  readonly sdl: string;
  /** What `sdl` says, in the words of join v0.3 or later. */
  readonly document: DocumentNode;
  readonly apiSchema: GraphQLSchema;
  readonly subgraphs: readonly SubgraphAddress[];
  readonly features: readonly Feature[];
  /**
   * Names of fields that planners fetch on their own account, for keys, `@requires` and `@fromContext`; true where
   * some are fetched with arguments. They take these names as response keys, whatever a client does with them.
   */
  readonly ownFields: ReadonlyMap<string, boolean>;
  /** True when a field takes an argument from around it (`@fromContext`). */
  readonly usesContext: boolean;
  /** True when a subgraph has an interface without its object types (`@interfaceObject`). */
  readonly usesInterfaceObjects: boolean;
  /** The labels of progressive `@override`. */
  readonly overrideLabels: readonly string[];
}

/** Reads a supergraph. Throws an AppError SUPERGRAPH_INVALID for anything that composition would not have made. */
export function readSupergraph(sdl: string): Supergraph {
  try {
    const read = parse(sdl, { noLocation: true });
    const features = featuresOf(read);
    if (!features.some(({ name }) => name === 'join')) {
      throw new Error(
        'it does not link https://specs.apollo.dev/join, as a composed supergraph does',
      );
    }
    const strange = featureNotUnderstood(features);
    if (strange !== undefined) throw new Error(strange);
    const document = withExplicitJoins(read, features);
    const stray = typeWithoutSubgraph(document, features);
    if (stray !== undefined) {
      throw new Error(`no subgraph has the type "${stray}": it carries no @join__type`);
    }
    const apiSchema = buildApiSchema(document, features);
    assertValidSchema(apiSchema);
    const uses = readUses(document);
    return {
      sdl,
      document,
      features,
      apiSchema,
      subgraphs: subgraphsOf(document),
      ...uses,
    };
  } catch (cause) {
    throw new AppError(
      'SUPERGRAPH_INVALID',
      `The supergraph cannot be loaded: ${messageOf(cause)}.`,
      {
        cause,
      },
    );
  }
}

/** Composition says of every type, but those of the specifications it links, which subgraphs have it. */
function typeWithoutSubgraph(
  { definitions }: DocumentNode,
  features: readonly Feature[],
): string | undefined {
  const elements = featureElements(features);
  const stray = definitions.find(
    (definition) =>
      isTypeDefinitionNode(definition) &&
      !elements.isType(definition.name.value) &&
      !definition.directives?.some(({ name }) => name.value === 'join__type'),
  );
  return stray && isTypeDefinitionNode(stray) ? stray.name.value : undefined;
}

function subgraphsOf(document: DocumentNode): SubgraphAddress[] {
  return document.definitions.flatMap((definition) => {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== 'join__Graph')
      return [];
    return (definition.values ?? []).flatMap(({ directives }) => {
      const graph = directives?.find(({ name }) => name.value === 'join__graph');
      const name = graph && textOf(graph.arguments, 'name');
      return name === undefined ? [] : [{ name, url: textOf(graph?.arguments, 'url') ?? '' }];
    });
  });
}

function readUses(
  document: DocumentNode,
): Pick<Supergraph, 'ownFields' | 'usesContext' | 'usesInterfaceObjects' | 'overrideLabels'> {
  const ownFields = new Map<string, boolean>();
  const labels = new Set<string>();
  let usesContext = false;
  let usesInterfaceObjects = false;
  visit(document, {
    Directive: ({ name, arguments: args }) => {
      if (name.value === 'join__type') {
        addFields(ownFields, textOf(args, 'key'));
        usesInterfaceObjects ||= isTrue(args, 'isInterfaceObject');
      }
      if (name.value !== 'join__field') return;
      addFields(ownFields, textOf(args, 'requires'));
      const label = textOf(args, 'overrideLabel');
      if (label !== undefined && label !== '') labels.add(label);
      const context = args?.find((argument) => argument.name.value === 'contextArguments')?.value;
      if (context?.kind !== Kind.LIST) return;
      for (const item of context.values) {
        if (item.kind !== Kind.OBJECT) continue;
        usesContext = true;
        const selection = item.fields.find((field) => field.name.value === 'selection')?.value;
        if (selection?.kind === Kind.STRING) addFields(ownFields, selection.value);
      }
    },
  });
  return { ownFields, usesContext, usesInterfaceObjects, overrideLabels: [...labels] };
}

function addFields(fields: Map<string, boolean>, fieldSet: string | undefined): void {
  if (fieldSet === undefined) return;
  const document = parse(fieldSet.trim().startsWith('{') ? fieldSet : `{${fieldSet}}`, {
    noLocation: true,
  });
  visit(document, {
    Field: ({ name, arguments: args }) => {
      const hasArguments = args !== undefined && args.length > 0;
      fields.set(name.value, hasArguments || fields.get(name.value) === true);
    },
  });
}

function textOf(args: readonly ArgumentNode[] | undefined, name: string): string | undefined {
  const value = args?.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}

function isTrue(args: readonly ArgumentNode[] | undefined, name: string): boolean {
  const value = args?.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.BOOLEAN && value.value;
}
