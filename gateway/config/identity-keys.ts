import { developmentIdentityKey, isDevelopmentKey } from '../../common/development-keys.ts';
import { variableNameOf } from '../../common/setting-variables.ts';
import { readTogether, SettingsError } from '../../common/settings.ts';
import type { GatewayConfig } from './load.ts';
import { settingsOf } from './subgraphs.ts';

/**
 * The key that signs identities for a subgraph. Production has no default: throws a SettingsError that names the
 * variable when the key is missing or is the development key.
 */
export function identityKeyFor({ mode, subgraphs }: GatewayConfig, subgraph: string): string {
  const key = settingsOf(subgraphs, subgraph).identityKey?.[0];
  if (mode === 'development') return key ?? developmentIdentityKey(subgraph);
  if (key !== undefined && !isDevelopmentKey(key)) return key;
  const name = `SUBGRAPH_${variableNameOf(subgraph)}_IDENTITY_KEY`;
  throw new SettingsError([
    key === undefined
      ? `${name} is missing: production has no default key; gateway and "${subgraph}" share one (openssl rand -hex 32)`
      : `${name} is the development key, which is public; gateway and "${subgraph}" need a secret one (openssl rand -hex 32)`,
  ]);
}

/** Throws a SettingsError that lists each subgraph whose key is missing or public. */
export function requireIdentityKeys(config: GatewayConfig, subgraphs: readonly string[]): void {
  readTogether(subgraphs.map((name) => () => identityKeyFor(config, name)));
}
