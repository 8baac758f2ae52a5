import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, print, visit } from 'graphql';
import { startWorker } from './child-process.ts';
import { startIssuer } from './issuer.ts';
import { concurrency } from './measure/bench.ts';
import type { Surroundings } from './peers/peer.ts';
import type { SubgraphsListening } from './subgraphs/server.ts';

/** All that stands around the gateways. */
export interface StartedSurroundings extends Omit<Surroundings, 'port'> {
  /** Values of the `Authorization` header, one for each request in flight. */
  readonly authorizations: readonly string[];
  stop(): Promise<void>;
}

const supergraph = new URL('../supergraph.graphql', import.meta.url);

/** Starts the subgraphs and the issuer of tokens, and writes the supergraph with the subgraphs' addresses to a file. */
export async function startSurroundings(): Promise<StartedSurroundings> {
  const folder = mkdtempSync(join(tmpdir(), 'supergraph-bench-'));
  const worker = startWorker<undefined, SubgraphsListening>(
    new URL('./subgraphs/server.ts', import.meta.url),
  );
  const issuer = await startIssuer(concurrency);
  const { ports } = await worker.ask(undefined, 20_000);
  const subgraphUrls = new Map(
    Object.entries(ports).map(([name, port]) => [name, `http://127.0.0.1:${port}/graphql`]),
  );
  const supergraphPath = join(folder, 'supergraph.graphql');
  const sdl = withoutAccess(readFileSync(supergraph, 'utf8'));
  writeFileSync(supergraphPath, withUrls(sdl, subgraphUrls));
  return {
    folder,
    supergraphPath,
    subgraphUrls,
    jwksUrl: issuer.jwksUrl,
    authorizations: issuer.authorizations,
    async stop() {
      await Promise.all([worker.stop(), issuer.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Takes out the access directives, with which ApolloGateway refuses to load a supergraph: all gateways get the same one. */
function withoutAccess(sdl: string): string {
  const isAccess = (name: string): boolean => accessDirectives.has(name.split('__', 1)[0] ?? '');
  const document = visit(parse(sdl), {
    Directive: (node) => {
      const isLink = node.name.value === 'link' && /\/(\w+)\/v\d/.exec(print(node));
      return isAccess(isLink ? (isLink[1] ?? '') : node.name.value) ? null : undefined;
    },
    DirectiveDefinition: ({ name }) => (isAccess(name.value) ? null : undefined),
    ScalarTypeDefinition: ({ name }) => (isAccess(name.value) ? null : undefined),
  });
  return print(document);
}

const accessDirectives: ReadonlySet<string> = new Set([
  'authenticated',
  'requiresScopes',
  'policy',
]);

/** Replaces the routing URL of each subgraph (join spec, `@join__graph`). Throws when one is not in the supergraph. */
function withUrls(sdl: string, urls: ReadonlyMap<string, string>): string {
  let result = sdl;
  for (const [name, url] of urls) {
    const pattern = new RegExp(`(@join__graph\\(name: "${name}", url: ")[^"]*"`);
    if (!pattern.test(result)) throw new Error(`Expected a subgraph "${name}" in the supergraph.`);
    result = result.replace(pattern, `$1${url}"`);
  }
  return result;
}
