import { createPrivateKey, generateKeyPairSync } from 'node:crypto';

const block = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]*?-----END \1-----/g;

/**
 * The private keys in a text, one after another in PEM form (RFC 7468), or `undefined` when it has none, any other
 * content, or a key that is not P-256. Line ends may be written `\n`, as container tools pass them.
 */
export function readPrivateKeyPems(text: string): readonly [string, ...string[]] | undefined {
  const lines = text.replaceAll(String.raw`\n`, '\n');
  const [first, ...others] = lines.match(block) ?? [];
  if (first === undefined || lines.replaceAll(block, '').trim() !== '') return undefined;
  return [first, ...others].every(isP256PrivateKey) ? [first, ...others] : undefined;
}

/** A new P-256 private key in PEM form. */
export function generatePrivateKeyPem(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function isP256PrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyDetails?.namedCurve === 'prime256v1';
  } catch {
    return false;
  }
}
