import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Who issues the access tokens of a run: tokens of admins, and the key to verify them. */
export interface Issuer {
  readonly jwksUrl: string;
  /** Values of the `Authorization` header, each of another viewer. */
  readonly authorizations: readonly string[];
  stop(): Promise<void>;
}

const keyId = 'bench';
const lifetimeSeconds = 3_600;

/** Publishes a fresh key (RFC 7517) and signs access tokens with it (RFC 9068, ES256), good for an hour. */
export async function startIssuer(viewers: number): Promise<Issuer> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: keyId, alg: 'ES256', use: 'sig' };
  const keySet = JSON.stringify({ keys: [jwk] });
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/jwk-set+json' }).end(keySet);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`,
    authorizations: Array.from(
      { length: viewers },
      (_, n) => `Bearer ${signToken(privateKey, String(n + 1))}`,
    ),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function signToken(key: KeyObject, viewer: string): string {
  const now = Math.floor(Date.now() / 1_000);
  const header = { alg: 'ES256', typ: 'at+jwt', kid: keyId };
  const claims = {
    iss: 'supergraph-users',
    aud: 'supergraph',
    sub: viewer,
    role: 'admin',
    scope:
      'profile orders:read reviews:write products:write users:read orders:read:all orders:write:all',
    sid: `session-of-${viewer}`,
    iat: now,
    exp: now + lifetimeSeconds,
  };
  const signed = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}
