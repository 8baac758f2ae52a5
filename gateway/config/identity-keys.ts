import { developmentIdentityKey, isDevelopmentKey } from '../../common/development-keys.ts';
import { StartupError } from '../../common/errors.ts';
import type { GatewayConfig } from './load.ts';
import { settingsOf, variableNameOf } from './subgraphs.ts';

/**
 * The key that signs identities for a subgraph. Production has no default: throws a StartupError that names the
 * variable when the key is missing or is the one of development.
 */
export function identityKeyFor({ mode, subgraphs }: GatewayConfig, subgraph: string): string {
  const key = settingsOf(subgraphs, subgraph).identityKey?.[0];
  if (mode === 'development') return key ?? developmentIdentityKey(subgraph);
  if (key !== undefined && !isDevelopmentKey(key)) return key;
  const name = `SUBGRAPH_${variableNameOf(subgraph)}_IDENTITY_KEY`;
  throw new StartupError(
    'SETTING_INVALID',
    key === undefined
      ? `${name} is missing: production has no default key for the subgraph "${subgraph}".`
      : `${name} is the development key, which anybody knows.`,
    'Give gateway and subgraph the same secret of at least 32 bytes: openssl rand -base64 48',
  );
}
