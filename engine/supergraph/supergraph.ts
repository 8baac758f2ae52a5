import {
  assertValidSchema,
  type ConstDirectiveNode,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  isTypeDefinitionNode,
  Kind,
} from 'graphql';
import { AppError, messageWithFullStop, messageOf } from '../../common/errors.ts';
import { parseInSlices } from '../../common/parse-document.ts';
import { runAtOnce, type Sliced } from '../../common/slices.ts';
import { buildApiSchema } from './api-schema.ts';
import { textOf } from './directive-arguments.ts';
import { type EventFields, eventFieldsOf } from './event-fields.ts';
import { type Feature, featureElements, unsupportedFeature, featuresOf } from './features.ts';
import { withExplicitJoins } from './join-versions.ts';

/** A subgraph of the supergraph. */
export interface SubgraphAddress {
  readonly name: string;
  /** Empty when composition had no URL. */
  readonly url: string;
}

/** The contents of a supergraph schema, read once when it is loaded. */
export interface Supergraph {
  readonly sdl: string;
  /** The parsed `sdl`, in the form of join v0.3 or later. */
  readonly document: DocumentNode;
  readonly apiSchema: GraphQLSchema;
  /** Those that have a server. */
  readonly subgraphs: readonly SubgraphAddress[];
  /** The fields whose events come from channels. */
  readonly events: EventFields;
  readonly features: readonly Feature[];
  /** The labels of progressive `@override`. */
  readonly overrideLabels: readonly string[];
}

/** Reads a supergraph. Throws an AppError SUPERGRAPH_INVALID when composition could not have produced it. */
export function readSupergraph(sdl: string): Supergraph {
  return runAtOnce(readSupergraphInSlices(sdl));
}

/** Reads a supergraph with pauses: a large one takes longer than requests should wait. */
export function* readSupergraphInSlices(sdl: string): Sliced<Supergraph> {
  try {
    const read = yield* parseSdl(sdl);
    const features = featuresOf(read);
    if (!features.some(({ name }) => name === 'join')) {
      throw new Error(
        'it is not a supergraph: it does not link https://specs.apollo.dev/join, as a composed one does',
      );
    }
    const unsupported = unsupportedFeature(features);
    if (unsupported !== undefined) throw new Error(unsupported);
    const document = withExplicitJoins(read, features);
    const stray = typeWithoutSubgraph(document, features);
    if (stray !== undefined) {
      throw new Error(`no subgraph has the type "${stray}": it carries no @join__type`);
    }
    const apiSchema = yield* buildApiSchema(document, features);
    yield;
    assertValidSchema(apiSchema);
    yield;
    documents.set(apiSchema, document);
    const events = eventFieldsOf(document, features);
    return {
      sdl,
      document,
      features,
      apiSchema,
      subgraphs: subgraphsOf(document).filter(({ name }) => !events.withoutServer.has(name)),
      events,
      overrideLabels: overrideLabelsOf(document),
    };
  } catch (cause) {
    throw new AppError(
      'SUPERGRAPH_INVALID',
      `The supergraph cannot be loaded: ${messageWithFullStop(cause)}`,
      {
        cause,
      },
    );
  }
}

function* parseSdl(sdl: string): Sliced<DocumentNode> {
  if (sdl.trim() === '') throw new Error('it is empty');
  try {
    return yield* parseInSlices(sdl, { noLocation: true });
  } catch (cause) {
    const line = cause instanceof GraphQLError ? cause.locations?.[0]?.line : undefined;
    if (line === undefined) throw cause;
    throw new Error(`it is malformed in line ${line}: ${messageOf(cause)}`, { cause });
  }
}

/** The supergraph document of an API schema; `undefined` for a schema from elsewhere. */
export function supergraphDocumentOf(apiSchema: GraphQLSchema): DocumentNode | undefined {
  return documents.get(apiSchema);
}

const documents = new WeakMap<GraphQLSchema, DocumentNode>();

/** Composition adds `@join__type` to every type, except those of linked specifications. */
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
      const name = textOf(graph, 'name');
      return name === undefined ? [] : [{ name, url: textOf(graph, 'url') ?? '' }];
    });
  });
}

function overrideLabelsOf({ definitions }: DocumentNode): readonly string[] {
  const labels = new Set<string>();
  const read = (directive: ConstDirectiveNode): void => {
    const label =
      directive.name.value === 'join__field' ? textOf(directive, 'overrideLabel') : undefined;
    if (label !== undefined && label !== '') labels.add(label);
  };
  // Traversing all of a large document takes as long as parsing it, so only fields are read.
  for (const definition of definitions) {
    if (!isTypeDefinitionNode(definition) || !('fields' in definition)) continue;
    for (const { directives } of definition.fields ?? []) directives?.forEach(read);
  }
  return [...labels];
}
