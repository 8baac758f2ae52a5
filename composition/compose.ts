import { cacheKeyOf, type CompositionCache } from './cache/composition-cache.ts';
import { composeSubgraphs, type MadeComposition } from './compose-subgraphs.ts';
import { type ComposerName, composerVersion } from './composers/composers.ts';
import { type ContractEntry, displayPath, readConfig, type SupergraphConfig } from './config.ts';
import { federationVersion } from './federation-version.ts';
import { versionOfPackage } from './package-version.ts';
import type { CompositionProblem, SourcePlace } from './problem.ts';
import { type ParsedSubgraph, readSubgraph } from './read-schema.ts';
import { type ReadText, readTextFile } from './read-text.ts';

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
      /** The contracts that the list has beside the subgraphs. */
      readonly contracts: readonly ContractEntry[];
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
  /** The library that composes; by default Apollo's. */
  readonly composer?: ComposerName;
  /** What was composed before. */
  readonly cache?: CompositionCache | undefined;
  /** Is told what a composition is at that takes its time. */
  readonly progress?: (stage: string) => void;
}

/** The subgraphs of a list, read and not composed yet; or why they cannot be. */
export type ReadSubgraphs =
  | {
      readonly ok: true;
      readonly config: SupergraphConfig;
      readonly subgraphs: readonly ParsedSubgraph[];
    }
  | Extract<Composition, { ok: false }>;

/** Composes the subgraphs that a `supergraph.yaml` lists. */
export async function composeSupergraph(options: ComposeOptions): Promise<Composition> {
  return composeRead(await readSubgraphs(options), options);
}

/** Reads the list and the schemas that it names. */
export async function readSubgraphs({
  configPath,
  fetch,
  readText = readTextFile,
  progress,
}: ComposeOptions): Promise<ReadSubgraphs> {
  const configured = await readConfig(configPath, undefined, readText);
  if (!configured.ok) return configured;
  const { config } = configured;
  const configFile = displayPath(configPath);
  const asked = config.subgraphs.filter(({ schema }) => fetch && schema.kind === 'subgraph');
  const slow =
    asked.length > 0 &&
    setTimeout(
      () => progress?.(`waiting for the schemas of ${asked.map(({ name }) => name).join(', ')}`),
      slowMs,
    );
  const read = await Promise.all(
    config.subgraphs.map((entry) => readSubgraph(entry, { configFile, fetch, readText })),
  );
  if (slow) clearTimeout(slow);
  const problems = read.flatMap((result) => ('problems' in result ? result.problems : []));
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    config,
    subgraphs: read.flatMap((result) => ('document' in result ? [result] : [])),
  };
}

/** A subgraph that answers later than this is waited for in silence no longer. */
const slowMs = 1_000;

/** Composes what was read. */
export async function composeRead(
  read: ReadSubgraphs,
  options: ComposeOptions,
): Promise<Composition> {
  if (!read.ok) return read;
  const { config, subgraphs } = read;
  const configFile = displayPath(options.configPath);
  const made = await compose(subgraphs, configFile, options);
  if (!made.ok) return made;
  const hints = [...versionHints(config, configFile), ...made.composition.hints];
  return { ok: true, ...made.composition, hints, subgraphs, contracts: config.contracts };
}

async function compose(
  subgraphs: readonly ParsedSubgraph[],
  configFile: string,
  { composer = 'apollo', cache, progress }: ComposeOptions,
): Promise<MadeComposition> {
  const texts = subgraphs.map(({ document }) => document.loc?.source.body ?? '');
  const size = texts.reduce((sum, { length }) => sum + length, 0);
  const key = keyOf(composer, subgraphs, texts);
  const known = await cache?.get(key);
  if (known) return { ok: true, composition: known };
  const tell = size < largeSize ? () => undefined : (progress ?? (() => undefined));
  tell(`${subgraphs.length} subgraphs, ${Math.round(size / 1000)} kB: loading ${composer}`);
  const made = await composeSubgraphs(subgraphs, { composer, configFile }, tell);
  if (made.ok) await cache?.set(key, made.composition);
  return made;
}

/** Smaller schemas are composed before anybody could read what is going on. */
const largeSize = 200_000;

/** To be raised when the same texts give something else, other than by the packages that it is made with. */
const format = '1';

function keyOf(
  composer: ComposerName,
  subgraphs: readonly ParsedSubgraph[],
  texts: readonly string[],
): string {
  return cacheKeyOf([
    format,
    composerVersion(composer),
    versionOfPackage('graphql'),
    ...subgraphs.flatMap(({ entry, document }, at) => [
      entry.name,
      entry.routingUrl,
      document.loc?.source.name ?? '',
      texts[at] ?? '',
    ]),
  ]);
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
