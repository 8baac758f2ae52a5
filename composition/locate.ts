import {
  type ASTNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  type Location,
  type Source,
} from 'graphql';
import type { SourcePlace } from './problem.ts';
import { SubgraphSource } from './subgraph-source.ts';

/** The places of an error's nodes; nodes created by composition have none. */
export function placesOf(nodes: readonly ASTNode[] | undefined): readonly SourcePlace[] {
  return withoutDuplicates(
    (nodes ?? []).flatMap((node) => (node.loc ? [placeOfNode(node, node.loc)] : [])),
  );
}

/** The place of a node's start, after its description. */
function placeOfNode(node: ASTNode, { source, ...loc }: Location): SourcePlace {
  const description = 'description' in node ? node.description : undefined;
  const start = description?.loc?.endToken.next?.start ?? loc.start;
  const starts = lineStarts(source);
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= start) low = middle;
    else high = middle - 1;
  }
  return placeIn(source, { line: low + 1, column: start - (starts[low] ?? 0) + 1 });
}

/** A line and column as a place. */
export function placeIn(
  source: Source,
  { line, column }: { readonly line: number; readonly column: number },
): SourcePlace {
  return {
    file: source.name,
    line,
    column,
    subgraph: source instanceof SubgraphSource ? source.subgraph : undefined,
    lineText: lineOf(source, line),
  };
}

function lineOf(source: Source, line: number): string {
  const [start, end] = lineStarts(source).slice(line - 1, line + 1);
  return start === undefined ? '' : source.body.slice(start, end).replace(/(?:\r\n|[\n\r])$/, '');
}

/** The offsets of a text's lines, cached because a large text is asked for many places. */
function lineStarts(source: Source): readonly number[] {
  const known = startsBySource.get(source);
  if (known) return known;
  // Line terminators of the GraphQL specification (§2.1.2).
  const ends = source.body.matchAll(/\r\n|[\n\r]/g);
  const starts = [0, ...Array.from(ends, ({ index, 0: end }) => index + end.length)];
  startsBySource.set(source, starts);
  return starts;
}

const startsBySource = new WeakMap<Source, readonly number[]>();

/**
 * Errors about the whole supergraph, such as an unreachable field, carry no nodes but name what they are
 * about. Finds the definitions of the fields and types that the message names, in every subgraph that has them.
 */
export function locateMentioned(
  message: string,
  subgraphs: readonly {
    readonly entry: { readonly name: string };
    readonly document: DocumentNode;
  }[],
): readonly SourcePlace[] {
  const only = /^\[([^\]]+)\]/.exec(message)?.[1];
  const documents = subgraphs
    .filter(({ entry }) => only === undefined || entry.name === only)
    .map(({ document }) => document);
  for (const { type, field } of mentionsIn(message)) {
    const found = documents.flatMap((document) => nodesOf(document, type, field));
    if (found.length > 0) return placesOf(found);
  }
  return [];
}

interface Mention {
  readonly type: string;
  readonly field: string | undefined;
}

/** The schema coordinates in a message: fields before types, each in the order of the text. */
function mentionsIn(message: string): readonly Mention[] {
  const fields = [...message.matchAll(/"([A-Za-z_]\w*)\.(\w+)/g)].map(([, type = '', field]) => ({
    type,
    field,
  }));
  const repeated = [...message.matchAll(/Field (\w+) already exists on (\w+)/g)].map(
    ([, field, type = '']) => ({ type, field }),
  );
  const types = [...message.matchAll(/[Tt]ype "?([A-Za-z_]\w*)/g)].map(([, type = '']) => ({
    type,
    field: undefined,
  }));
  return [...fields, ...repeated, ...types];
}

function nodesOf(
  document: DocumentNode,
  type: string,
  field: string | undefined,
): readonly ASTNode[] {
  const definitions = document.definitions.filter((definition) => nameOf(definition) === type);
  if (field === undefined) return definitions;
  return definitions
    .flatMap((definition): readonly NamedNode[] => fieldsOf(definition))
    .filter(({ name }) => name.value === field);
}

type NamedNode = FieldDefinitionNode | InputValueDefinitionNode;

function fieldsOf(definition: DefinitionNode): readonly NamedNode[] {
  return 'fields' in definition ? (definition.fields ?? []) : [];
}

function nameOf(definition: DefinitionNode): string | undefined {
  return 'name' in definition ? definition.name?.value : undefined;
}

function withoutDuplicates(places: readonly SourcePlace[]): readonly SourcePlace[] {
  const seen = new Map(
    places.map((place) => [`${place.file}:${place.line}:${place.column}`, place]),
  );
  return [...seen.values()];
}
