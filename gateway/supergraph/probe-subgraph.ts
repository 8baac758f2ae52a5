import { splitCredentials } from '../../common/address-credentials.ts';
import { messageOf } from '../../common/errors.ts';
import type { SubgraphAddress } from '../../engine/supergraph/supergraph.ts';

/** How subgraphs are probed. */
export interface ProbeOptions {
  /** The headers that a subgraph requires, as a flat list of name, value, name, value … */
  readonly headersFor: (subgraph: string) => readonly string[];
  /** The timeout of each probe. */
  readonly timeoutMs: number;
  readonly fetch: typeof globalThis.fetch;
}

/**
 * Queries `__typename` of all subgraphs at once; returns for each the reason why it does not answer, or `undefined`.
 */
export async function probeSubgraphs(
  subgraphs: readonly SubgraphAddress[],
  options: ProbeOptions,
): Promise<ReadonlyMap<string, string | undefined>> {
  const findings = await Promise.all(
    subgraphs.map((subgraph) =>
      probe(subgraph, options).then(
        () => [subgraph.name, undefined] as const,
        (error: unknown) => [subgraph.name, messageOf(error)] as const,
      ),
    ),
  );
  return new Map(findings);
}

async function probe(
  { name, url }: SubgraphAddress,
  { headersFor, timeoutMs, fetch }: ProbeOptions,
): Promise<void> {
  const headers = new Headers({ 'content-type': 'application/json', accept: 'application/json' });
  // Fetch refuses an address with a password, and its message would repeat it.
  const { url: address, authorization } = splitCredentials(url);
  if (authorization !== undefined) headers.set('authorization', authorization);
  const extra = headersFor(name);
  for (let at = 0; at + 1 < extra.length; at += 2)
    headers.set(extra[at] ?? '', extra[at + 1] ?? '');
  const response = await fetch(address, {
    method: 'POST',
    headers,
    body: '{"query":"{__typename}"}',
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  await response.body?.cancel();
  if (response.status !== 200) throw new Error(`expected status 200, got ${response.status}`);
}
