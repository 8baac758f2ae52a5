import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Who issues access tokens in a run: an admin's token, and the key to verify it. */
export interface Issuer {
  readonly jwksUrl: string;
  /** The value of an `Authorization` header. */
  readonly authorization: string;
  stop(): Promise<void>;
}

const keyId = 'bench';
const lifetimeSeconds = 3_600;

/** Publishes a fresh key (RFC 7517) and signs one access token with it (RFC 9068, ES256), good for an hour. */
export async function startIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: keyId, alg: 'ES256', use: 'sig' };
  const keySet = JSON.stringify({ keys: [jwk] });
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/jwk-set+json' }).end(keySet);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const now = Math.floor(Date.now() / 1_000);
  const content = [
    { alg: 'ES256', typ: 'at+jwt', kid: keyId },
    {
      iss: 'supergraph-users',
      aud: 'supergraph',
      sub: '1',
      role: 'admin',
      scope: 'profile orders:read reviews:write products:write users:read orders:read:all',
      sid: 'bench',
      iat: now,
      exp: now + lifetimeSeconds,
    },
  ];
  const signed = content
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = sign('sha256', Buffer.from(signed), {
    key: privateKey,
    dsaEncoding: 'ieee-p1363',
  });
  return {
    jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`,
    authorization: `Bearer ${signed}.${signature.toString('base64url')}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
