import {
  type DocumentNode,
  type EnumValueDefinitionNode,
  GraphQLError,
  Kind,
  Source,
} from 'graphql';
import { withoutCredentials } from '../../common/address-credentials.ts';
import { StartupError } from '../../common/errors.ts';
import { parsing } from '../../common/parse-document.ts';
import { atOnce, type Sliced } from '../../common/slices.ts';

/** A composed schema and the subgraphs it was composed of. */
export interface Supergraph {
  readonly sdl: string;
  readonly subgraphs: readonly Subgraph[];
}

/** A subgraph as the supergraph knows it. */
export interface Subgraph {
  readonly name: string;
  /** Where it answers. */
  readonly url: string;
}

/**
 * Reads a supergraph (in every version of join, the subgraphs are the values of `join__Graph`). `urlOf` may give a
 * subgraph another address than the composed one. `file` is where the text came from. Throws a StartupError
 * SUPERGRAPH_INVALID that says what is wrong and, where it is known, in which line.
 */
export function readSupergraph(
  sdl: string,
  file: string,
  urlOf?: (subgraph: string) => string | undefined,
): Supergraph {
  return atOnce(readingSupergraph(sdl, file, urlOf));
}

/** The same with pauses: a large supergraph takes longer to read than requests should wait. */
export function* readingSupergraph(
  sdl: string,
  file: string,
  urlOf: (subgraph: string) => string | undefined = () => undefined,
): Sliced<Supergraph> {
  const entries = entriesOf(yield* parsingSdl(sdl, file));
  if (entries.length === 0) {
    throw invalidSupergraph(file, 'is not a supergraph: it has no "join__Graph" with subgraphs');
  }
  const subgraphs = entries.map(({ name, url }) => ({ name, url: urlOf(name) ?? url }));
  for (const { name, url } of subgraphs) {
    if (!isHttpUrl(url)) {
      throw invalidSupergraph(
        file,
        `has the routing URL "${withoutCredentials(url)}" for the subgraph "${name}", which is no http(s) URL`,
      );
    }
  }
  return { sdl: withUrls(sdl, entries, subgraphs), subgraphs };
}

/** A StartupError for a supergraph that cannot be used. `problem` follows the name of the file. */
export function invalidSupergraph(file: string, problem: string, cause?: unknown): StartupError {
  return new StartupError(
    'SUPERGRAPH_INVALID',
    `The supergraph "${file}" ${problem}.`,
    'Make it anew: npm run compose',
    cause === undefined ? undefined : { cause },
  );
}

interface Entry extends Subgraph {
  /** Where the text of the URL stands in the SDL, with its quotes. */
  readonly start: number;
  readonly end: number;
}

function* parsingSdl(sdl: string, file: string): Sliced<DocumentNode> {
  if (sdl.trim() === '') throw invalidSupergraph(file, 'is empty');
  try {
    return yield* parsing(new Source(sdl, file));
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const line = error.locations?.[0]?.line;
    const place = line === undefined ? '' : ` in line ${line}`;
    throw invalidSupergraph(file, `is malformed${place}: ${error.message}`, error);
  }
}

function entriesOf(document: DocumentNode): readonly Entry[] {
  return document.definitions
    .filter((definition) => definition.kind === Kind.ENUM_TYPE_DEFINITION)
    .filter((definition) => definition.name.value === 'join__Graph')
    .flatMap((definition) => definition.values ?? [])
    .flatMap((value) => entryOf(value) ?? []);
}

function entryOf(value: EnumValueDefinitionNode): Entry | undefined {
  const graph = value.directives?.find((directive) => directive.name.value === 'join__graph');
  const name = graph?.arguments?.find((argument) => argument.name.value === 'name')?.value;
  const url = graph?.arguments?.find((argument) => argument.name.value === 'url')?.value;
  if (name?.kind !== Kind.STRING || url?.kind !== Kind.STRING || !url.loc) return undefined;
  return { name: name.value, url: url.value, start: url.loc.start, end: url.loc.end };
}

function isHttpUrl(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

/** Writes the addresses into the text where they differ; everything else stays as composed, lines included. */
function withUrls(sdl: string, entries: readonly Entry[], subgraphs: readonly Subgraph[]): string {
  let written = '';
  let from = 0;
  for (const [index, { url, start, end }] of entries.entries()) {
    const address = subgraphs[index]?.url ?? url;
    if (address === url) continue;
    written += sdl.slice(from, start) + JSON.stringify(address);
    from = end;
  }
  return written + sdl.slice(from);
}
