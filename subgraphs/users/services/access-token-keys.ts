import {
  createPrivateKey,
  createPublicKey,
  hash,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { StartupError } from '../../../common/errors.ts';

/** The keys of access tokens. */
export interface AccessTokenKeys {
  /** The key that signs. */
  readonly signing: SigningKey;
  /** The public keys that verify tokens: a JWK Set (RFC 7517 §5), without any private part. */
  readonly published: { readonly keys: readonly PublishedKey[] };
}

/** A P-256 private key and its id, the thumbprint of RFC 7638. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
}

/** A P-256 public key (RFC 7518 §6.2.1). */
export interface PublishedKey extends JsonWebKey {
  readonly kid: string;
  readonly alg: 'ES256';
  readonly use: 'sig';
}

/**
 * Reads private keys in PEM form: the first signs, all are published. Throws StartupError for a duplicate key, because
 * verifiers could not tell the two apart.
 */
export function readAccessTokenKeys(pems: readonly [string, ...string[]]): AccessTokenKeys {
  const [first, ...others] = pems;
  const signing = toSigningKey(first);
  const keys = [signing, ...others.map(toSigningKey)];
  if (new Set(keys.map(({ kid }) => kid)).size < keys.length) {
    throw new StartupError(
      'SETTING_INVALID',
      'The private keys of access tokens contain the same key twice.',
      'List each key once in ACCESS_TOKEN_PRIVATE_KEYS; the first one signs.',
    );
  }
  return { signing, published: { keys: keys.map(toPublishedKey) } };
}

function toSigningKey(pem: string): SigningKey {
  const privateKey = createPrivateKey(pem);
  const { kty, crv, x, y } = publicPartOf(privateKey);
  // RFC 7638 §3: the required members in alphabetical order, without white space.
  return { kid: hash('sha256', JSON.stringify({ crv, kty, x, y }), 'base64url'), privateKey };
}

function toPublishedKey({ kid, privateKey }: SigningKey): PublishedKey {
  return { ...publicPartOf(privateKey), kid, alg: 'ES256', use: 'sig' };
}

function publicPartOf(privateKey: KeyObject): JsonWebKey {
  return createPublicKey(privateKey).export({ format: 'jwk' });
}
