import {
  type DocumentNode,
  GraphQLError,
  LoneSchemaDefinitionRule,
  parse,
  UniqueArgumentDefinitionNamesRule,
  UniqueDirectiveNamesRule,
  UniqueEnumValueNamesRule,
  UniqueFieldDefinitionNamesRule,
  UniqueOperationTypesRule,
  UniqueTypeNamesRule,
} from 'graphql';
import { validateSDL } from 'graphql/validation/validate.js';
import { messageOf } from '../common/errors.ts';
import { displayPath, type SchemaSource, type SubgraphEntry } from './config.ts';
import { eventProblems } from './event-problems.ts';
import { fixFor } from './fixes.ts';
import { introspect } from './introspect.ts';
import { placeIn, placesOf } from './locate.ts';
import { oneOfProblems } from './one-of.ts';
import type { CompositionProblem } from './problem.ts';
import type { ReadText } from './read-text.ts';
import { requiredFeatureProblems } from './required-features.ts';
import { SubgraphSource } from './subgraph-source.ts';

/** A subgraph whose schema is to be read. */
export interface ParsedSubgraph {
  readonly entry: SubgraphEntry;
  readonly document: DocumentNode;
}

/** How schemas are read. */
export interface ReadOptions {
  /** The display path of the list of subgraphs. */
  readonly configFile: string;
  /** Introspects running subgraphs; without it, none is asked. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  readonly readText: ReadText;
}

/** Reads the schema of a subgraph, or returns the problems that prevent its composition with any others. */
export async function readSubgraph(
  entry: SubgraphEntry,
  { configFile, fetch, readText }: ReadOptions,
): Promise<ParsedSubgraph | { readonly problems: readonly CompositionProblem[] }> {
  const { name, schema } = entry;
  const file = schema.kind === 'file' ? displayPath(schema.path) : `${configFile}#${name}`;
  if (schema.kind === 'subgraph' && !fetch) {
    return { problems: [unasked(name, schema.url, configFile)] };
  }
  let sdl: string;
  try {
    sdl = await textOf(schema, fetch, readText);
  } catch (error) {
    return { problems: [unreadable(error, entry, schema.kind === 'file' ? file : configFile)] };
  }
  const source = new SubgraphSource(sdl, file, name);
  try {
    const document = parse(source);
    const problems = [
      ...validateSDL(document, null, uniqueness).map(invalid),
      ...oneOfProblems(document),
      ...requiredFeatureProblems(document),
      ...eventProblems(document),
    ];
    return problems.length > 0 ? { problems } : { entry, document };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const places = (error.locations ?? []).map((location) => placeIn(source, location));
    return { problems: [{ ...invalid(error), places }] };
  }
}

/** Composition reports some of these without a place, accepts others silently, and throws for one. */
const uniqueness = [
  LoneSchemaDefinitionRule,
  UniqueOperationTypesRule,
  UniqueTypeNamesRule,
  UniqueEnumValueNamesRule,
  UniqueFieldDefinitionNamesRule,
  UniqueArgumentDefinitionNamesRule,
  UniqueDirectiveNamesRule,
];

async function textOf(
  schema: SchemaSource,
  fetch: typeof globalThis.fetch | undefined,
  readText: ReadText,
): Promise<string> {
  switch (schema.kind) {
    case 'file':
      return readText(schema.path);
    case 'sdl':
      return schema.sdl;
    case 'subgraph':
      return introspect(schema, fetch ?? globalThis.fetch);
  }
}

function invalid(error: GraphQLError): CompositionProblem {
  const code = 'INVALID_GRAPHQL';
  return {
    code,
    message: error.message,
    places: placesOf(error.nodes),
    fix: fixFor(code, error.message),
  };
}

function unasked(name: string, url: string, configFile: string): CompositionProblem {
  return {
    code: 'SCHEMA_NOT_ASKED_FOR',
    message: `The schema of the subgraph "${name}" is to be asked for at ${url}: nothing is asked over the network unless it is said so.`,
    places: [{ file: configFile }],
    fix: `Give --introspect, or write the schema into a file and name it by subgraphs.${name}.schema.file.`,
  };
}

function unreadable(
  error: unknown,
  { name, schema }: SubgraphEntry,
  file: string,
): CompositionProblem {
  return {
    code: 'SCHEMA_UNREADABLE',
    message: `Cannot read the schema of the subgraph "${name}": ${messageOf(error)}`,
    places: [{ file }],
    fix:
      schema.kind === 'file'
        ? `Create the file, or correct subgraphs.${name}.schema.file, which is relative to supergraph.yaml.`
        : `Start the subgraph, or correct subgraphs.${name}.schema.subgraph_url; it has to answer { _service { sdl } } to the introspection_headers.`,
  };
}
