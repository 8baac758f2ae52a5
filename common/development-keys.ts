const prefix = 'development-only-identity-key-of-';

/** The key by which gateway and subgraph know each other where none was set: for one's own machine only. */
export function developmentIdentityKey(subgraph: string): string {
  return `${prefix}${subgraph}`;
}

/** True for a key that anybody can read in this file: production refuses it. */
export function isDevelopmentKey(key: string): boolean {
  return key.startsWith(prefix);
}
