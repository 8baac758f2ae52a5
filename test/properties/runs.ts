/** How many cases each property is tried on; PROPERTY_RUNS makes another run. Properties on a socket take a share. */
export function runs(share = 1): number {
  return Math.max(1, Math.round(share * Number(process.env.PROPERTY_RUNS ?? 40)));
}

/** Time for a test of some runs: a machine under load is slow, a server that hangs is caught before. */
export const propertyTimeoutMs = 60_000 + 1_000 * runs();
