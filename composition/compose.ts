import { composeServices } from '@apollo/composition';
import { type GraphQLError, printSchema } from 'graphql';
import { displayPath, readConfig, type SupergraphConfig } from './config.ts';
import { explain } from './explain.ts';
import { federationVersion } from './federation-version.ts';
import { hintFixFor } from './hint-fixes.ts';
import { placesOf } from './locate.ts';
import { listPossibleTypes } from './possible-types.ts';
import type { CompositionProblem, SourcePlace } from './problem.ts';
import { type ParsedSubgraph, readSubgraph } from './read-schema.ts';
import { type ReadText, readTextFile } from './read-text.ts';
import { shortestWitnesses } from './shortest-witness.ts';

/** Something worth knowing about schemas that do compose. */
export interface CompositionHint {
  readonly code: string;
  /** `warning`: probably a mistake; `info`: good to know. */
  readonly level: 'warning' | 'info';
  readonly message: string;
  readonly places: readonly SourcePlace[];
  /** What to change, should anything be. */
  readonly fix: string;
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
      readonly subgraphs: readonly ParsedSubgraph[];
    }
  | { readonly ok: false; readonly problems: readonly CompositionProblem[] };

/** What composes. */
export interface ComposeOptions {
  /** The list of subgraphs. */
  readonly configPath: string;
  /** Asks subgraphs that run for their schemas; without it nothing is asked over the network. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Reads the list and the schemas that it names; by default from the disk. */
  readonly readText?: ReadText;
}

/** Composes the subgraphs that a `supergraph.yaml` lists. */
export async function composeSupergraph({
  configPath,
  fetch,
  readText = readTextFile,
}: ComposeOptions): Promise<Composition> {
  const configured = await readConfig(configPath, undefined, readText);
  if (!configured.ok) return configured;
  const configFile = displayPath(configPath);
  const read = await Promise.all(
    configured.config.subgraphs.map((entry) =>
      readSubgraph(entry, { configFile, fetch, readText }),
    ),
  );
  const problems = read.flatMap((result) => ('problems' in result ? result.problems : []));
  if (problems.length > 0) return { ok: false, problems };
  const subgraphs = read.flatMap((result) => ('document' in result ? [result] : []));
  return compose(subgraphs, configured.config, configFile);
}

function compose(
  subgraphs: readonly ParsedSubgraph[],
  config: SupergraphConfig,
  configFile: string,
): Composition {
  const services = subgraphs.map(({ entry, document }) => ({
    name: entry.name,
    url: entry.routingUrl,
    typeDefs: document,
  }));
  const result = composeServices(services);
  if (result.errors) {
    const witnesses = (): readonly GraphQLError[] => shortestWitnesses(services);
    return { ok: false, problems: explain(result.errors, subgraphs, configFile, witnesses) };
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
        return level ? [hintOf(definition.code, level, message, nodes)] : [];
      }),
    ],
    subgraphs,
  };
}

function hintOf(
  code: string,
  level: CompositionHint['level'],
  message: string,
  nodes: Parameters<typeof placesOf>[0],
): CompositionHint {
  return { code, level, message, places: placesOf(nodes), fix: hintFixFor(code) };
}

function levelOf(name: string): CompositionHint['level'] | undefined {
  if (name === 'WARN') return 'warning';
  return name === 'INFO' ? 'info' : undefined;
}

function versionHints(config: SupergraphConfig, configFile: string): readonly CompositionHint[] {
  const wanted = /^[=v](.+)$/.exec(config.federationVersion ?? '')?.[1];
  if (wanted === undefined || wanted === federationVersion) return [];
  const message = `federation_version is "${config.federationVersion}", but @apollo/composition ${federationVersion} composes here.`;
  return [
    {
      code: 'FEDERATION_VERSION_DIFFERS',
      level: 'warning',
      message,
      places: [{ file: configFile }],
      fix: `Write federation_version: =${federationVersion}, or compose with the version that is wanted.`,
    },
  ];
}

function endWithNewline(text: string): string {
  return `${text.trimEnd()}\n`;
}
