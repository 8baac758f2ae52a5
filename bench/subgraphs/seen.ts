import type { Seen } from './server.ts';

/** Asks subgraphs what they saw. */
export function askWhatTheySaw(urls: ReadonlyMap<string, string>): Promise<readonly Seen[]> {
  return Promise.all(
    [...urls.values()].map(async (url) => {
      const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
      return (await response.json()) as Seen;
    }),
  );
}
