const prefix = 'development-only-identity-key-of-';

/** The default identity key of gateway and subgraph; for development on one machine only. */
export function developmentIdentityKey(subgraph: string): string {
  return `${prefix}${subgraph}`;
}

/** True for a default key, which is public: production rejects it. */
export function isDevelopmentKey(key: string): boolean {
  return key.startsWith(prefix);
}
