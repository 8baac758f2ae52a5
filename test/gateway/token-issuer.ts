import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import jwt from 'jsonwebtoken';

/** The issuer and audience of the tokens in these tests. */
export const issuer = 'https://issuer.test';
export const audience = 'small-graph';

/** An ES256 key pair with an id. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  /** The public half, as it is published (RFC 7517). */
  readonly jwk: Readonly<Record<string, unknown>>;
}

/** A new key pair. */
export function createSigningKey(kid: string): SigningKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = createPublicKey(privateKey).export({ format: 'jwk' });
  return { kid, privateKey, jwk: { ...jwk, kid, use: 'sig', alg: 'ES256' } };
}

/** Changes to a token; `undefined` removes a claim or a header. */
export interface TokenChanges {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly algorithm?: jwt.Algorithm;
  readonly secret?: jwt.Secret;
}

/** An access token that is valid for 15 minutes from `nowMs`, except for the changes. */
export function createAccessToken(
  key: SigningKey,
  nowMs: number,
  { claims = {}, header = {}, algorithm = 'ES256', secret = key.privateKey }: TokenChanges = {},
): string {
  const issuedAt = Math.floor(nowMs / 1000);
  const payload = {
    iss: issuer,
    aud: audience,
    sub: '1',
    role: 'customer',
    scope: 'orders:read profile',
    sid: 'session-1',
    iat: issuedAt,
    exp: issuedAt + 900,
    ...claims,
  };
  const head = { alg: algorithm, typ: 'at+jwt', kid: key.kid, ...header };
  return jwt.sign(withoutUndefined(payload), secret, {
    algorithm,
    header: withoutUndefined(head) as unknown as jwt.JwtHeader,
  });
}

/** Publishes keys over HTTP. */
export interface KeyServer {
  readonly jwksUrl: string;
  /** How often the keys were fetched. */
  fetches(): number;
  /** The credentials that the keys were last fetched with. */
  authorization(): string | undefined;
  /** Publishes these instead. */
  publish(keys: readonly SigningKey[]): void;
  stop(): Promise<void>;
}

/** Publishes keys on a free port, at any path. */
export async function startKeyServer(keys: readonly SigningKey[]): Promise<KeyServer> {
  let published = keys;
  let count = 0;
  let authorization: string | undefined;
  const server = createServer((request, response) => {
    count += 1;
    authorization = request.headers.authorization;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ keys: published.map(({ jwk }) => jwk) }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    jwksUrl: `http://127.0.0.1:${port}/.well-known/jwks.json`,
    fetches: () => count,
    authorization: () => authorization,
    publish: (next) => {
      published = next;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function withoutUndefined(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
