import { z } from 'zod';
import { httpUrl, text, wholeNumber } from '../../common/setting-values.ts';

/** Which access tokens the gateway believes (RFC 9068). */
export const accessTokensSection = z.strictObject({
  issuer: text.default('supergraph-users'),
  audience: text.default('supergraph'),
  /** Where the issuer publishes its keys (RFC 7517). */
  jwksUrl: httpUrl.default('http://127.0.0.1:4001/.well-known/jwks.json'),
  /** Time from a token's `iat` after which it is refused, though its `exp` be later. */
  maxLifetimeSeconds: wholeNumber(60, 31_536_000).default(86_400),
  jwksTimeoutMs: wholeNumber(1, 60_000).default(2_000),
  /** How many verified tokens are remembered until they end. */
  cacheMax: wholeNumber(1, 1_000_000).default(10_000),
});
