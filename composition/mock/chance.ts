/** A pseudo-random 32-bit number for a text (FNV-1a with the finalizer of MurmurHash3). */
export function chance(text: string): number {
  let hash = 0x81_1c_9d_c5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01_00_01_93);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85_eb_ca_6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2_b2_ae_35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Picks one of the values; the same text picks the same one. */
export function chosen<T>(values: readonly [T, ...T[]], text: string): T {
  return values[chance(text) % values.length] ?? values[0];
}

/** An integer from `least` to `most`; the same text gives the same one. */
export function between(least: number, most: number, text: string): number {
  return least + (chance(text) % (most - least + 1));
}
