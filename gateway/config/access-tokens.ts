import { z } from 'zod';
import { httpUrl, text, wholeNumber } from '../../common/setting-values.ts';

/** Which access tokens the gateway accepts (RFC 9068). */
export const accessTokensSection = z
  .strictObject({
    issuer: text
      .default('supergraph-users')
      .describe(
        '`iss` of access tokens, for users that issues them and the gateway that verifies them.',
      ),
    audience: text.default('supergraph').describe('`aud` of access tokens, for both.'),
    jwksUrl: httpUrl
      .default('http://127.0.0.1:4001/.well-known/jwks.json')
      .describe('Where the issuer publishes its keys (RFC 7517).'),
    maxLifetimeSeconds: wholeNumber(60, 31_536_000)
      .default(86_400)
      .describe(
        'The time after its `iat` at which a token is refused, even when its `exp` is later.',
      ),
    jwksTimeoutMs: wholeNumber(1, 60_000)
      .default(2_000)
      .describe('The timeout for fetching the keys.'),
    cacheMax: wholeNumber(1, 1_000_000)
      .default(10_000)
      .describe('How many verified tokens are cached until they expire.'),
  })
  .describe('Which access tokens are issued and accepted.');
