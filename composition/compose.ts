import { readFile } from 'node:fs/promises';
import { composeServices } from '@apollo/composition';
import { type DocumentNode, GraphQLError, parse, printSchema, Source } from 'graphql';
import { messageOf } from '../common/errors.ts';
import { displayPath, readConfig, type SubgraphEntry, type SupergraphConfig } from './config.ts';
import { federationVersion } from './federation-version.ts';
import { fixFor } from './fixes.ts';
import { locateMentioned, placesOf } from './locate.ts';
import { listPossibleTypes } from './possible-types.ts';
import type { CompositionProblem, SourcePlace } from './problem.ts';

/** Something worth knowing about schemas that do compose. */
export interface CompositionHint {
  readonly code: string;
  /** `warning`: probably a mistake; `info`: good to know. */
  readonly level: 'warning' | 'info';
  readonly message: string;
  readonly places: readonly SourcePlace[];
}

/** The supergraph and what clients need of it, or every reason why there is none. */
export type Composition =
  | {
      readonly ok: true;
      /** What a gateway loads. The same for the same schemas, byte for byte, whatever their order. */
      readonly supergraphSdl: string;
      /** What clients see: no federation machinery, nothing `@inaccessible`. */
      readonly apiSdl: string;
      /** Interfaces and unions with the types they may be, as JSON for Apollo Client's cache. */
      readonly possibleTypes: string;
      readonly hints: readonly CompositionHint[];
    }
  | { readonly ok: false; readonly problems: readonly CompositionProblem[] };

/** Composes the subgraphs that a `supergraph.yaml` lists. Reads files only; nothing is asked over the network. */
export async function composeSupergraph({
  configPath,
}: {
  configPath: string;
}): Promise<Composition> {
  const configured = await readConfig(configPath);
  if (!configured.ok) return configured;
  const read = await Promise.all(configured.config.subgraphs.map(readSubgraph));
  const problems = read.flatMap((result) => ('problem' in result ? [result.problem] : []));
  if (problems.length > 0) return { ok: false, problems };
  const subgraphs = read.flatMap((result) => ('document' in result ? [result] : []));
  return compose(subgraphs, configured.config, displayPath(configPath));
}

interface ParsedSubgraph {
  readonly entry: SubgraphEntry;
  readonly document: DocumentNode;
}

async function readSubgraph(
  entry: SubgraphEntry,
): Promise<ParsedSubgraph | { readonly problem: CompositionProblem }> {
  const file = displayPath(entry.schemaFile);
  try {
    const sdl = await readFile(entry.schemaFile, 'utf8');
    return { entry, document: parse(new Source(sdl, file)) };
  } catch (error) {
    return {
      problem:
        error instanceof GraphQLError ? syntaxProblem(error, file) : unreadable(error, entry),
    };
  }
}

function syntaxProblem(error: GraphQLError, file: string): CompositionProblem {
  return {
    code: 'INVALID_GRAPHQL',
    message: error.message,
    places: (error.locations ?? []).map((location) => ({ file, ...location })),
    fix: fixFor('INVALID_GRAPHQL', error.message),
  };
}

function unreadable(error: unknown, { name, schemaFile }: SubgraphEntry): CompositionProblem {
  return {
    code: 'SCHEMA_UNREADABLE',
    message: `Cannot read the schema of the subgraph "${name}": ${messageOf(error)}`,
    places: [{ file: displayPath(schemaFile) }],
    fix: `Create the file, or correct subgraphs.${name}.schema.file, which is relative to supergraph.yaml.`,
  };
}

function compose(
  subgraphs: readonly ParsedSubgraph[],
  config: SupergraphConfig,
  configFile: string,
): Composition {
  const result = composeServices(
    subgraphs.map(({ entry, document }) => ({
      name: entry.name,
      url: entry.routingUrl,
      typeDefs: document,
    })),
  );
  if (result.errors) {
    const problems = result.errors.map((error) => toProblem(error, subgraphs, configFile));
    return { ok: false, problems };
  }
  const apiSchema = result.schema.toAPISchema().toGraphQLJSSchema();
  return {
    ok: true,
    supergraphSdl: endWithNewline(result.supergraphSdl),
    apiSdl: endWithNewline(printSchema(apiSchema)),
    possibleTypes: endWithNewline(JSON.stringify(listPossibleTypes(apiSchema), null, 2)),
    hints: [
      ...versionHints(config, configFile),
      ...result.hints.flatMap(({ definition, message, nodes }): readonly CompositionHint[] => {
        const level = levelOf(definition.level.name);
        return level ? [{ code: definition.code, level, message, places: placesOf(nodes) }] : [];
      }),
    ],
  };
}

function toProblem(
  error: GraphQLError,
  subgraphs: readonly ParsedSubgraph[],
  configFile: string,
): CompositionProblem {
  const code =
    typeof error.extensions.code === 'string' ? error.extensions.code : 'INVALID_GRAPHQL';
  const known = placesOf(error.nodes);
  const places = known.length > 0 ? known : locateMentioned(error.message, subgraphs);
  return {
    code,
    message: error.message,
    places: places.length > 0 ? places : [{ file: configFile }],
    fix: fixFor(code, error.message),
  };
}

function levelOf(name: string): CompositionHint['level'] | undefined {
  if (name === 'WARN') return 'warning';
  return name === 'INFO' ? 'info' : undefined;
}

function versionHints(config: SupergraphConfig, configFile: string): readonly CompositionHint[] {
  const wanted = config.federationVersion;
  if (!wanted?.startsWith('=') || wanted === `=${federationVersion}`) return [];
  const message = `federation_version is "${wanted}", but @apollo/composition ${federationVersion} composes here.`;
  return [
    {
      code: 'FEDERATION_VERSION_DIFFERS',
      level: 'warning',
      message,
      places: [{ file: configFile }],
    },
  ];
}

function endWithNewline(text: string): string {
  return `${text.trimEnd()}\n`;
}
