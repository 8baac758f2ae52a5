import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { generatePrivateKeyPem, readPrivateKeyPems } from './private-key-pem.ts';

const pem = generatePrivateKeyPem().trim();
const other = generatePrivateKeyPem().trim();

describe('users/private-key-pem', () => {
  it('reads several keys in order', () => {
    expect(readPrivateKeyPems(`${pem}\n\n${other}\n`)).toEqual([pem, other]);
  });

  it('reads line ends written as two characters', () => {
    expect(readPrivateKeyPems(pem.replaceAll('\n', String.raw`\n`))).toEqual([pem]);
  });

  it('reads the form that openssl ecparam writes', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const sec1 = privateKey.export({ type: 'sec1', format: 'pem' }).toString().trim();
    expect(readPrivateKeyPems(sec1)).toEqual([sec1]);
  });

  it.each([
    ['nothing', ''],
    ['text', 'a key, honestly'],
    ['a key with text after it', `${pem}\nand more`],
    ['a damaged key', pem.replace(/\n.{20}/, '\n')],
    ['a truncated key', pem.slice(0, -10)],
    ['a key of another curve', ecKey('P-384')],
    ['a key of another kind', rsaKey()],
    ['an encrypted key', encryptedKey()],
    ['a valid key and one of another kind', `${pem}\n${rsaKey()}`],
  ])('refuses %s', (_, text) => {
    expect(readPrivateKeyPems(text)).toBeUndefined();
  });
});

function ecKey(namedCurve: string): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function rsaKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function encryptedKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const secret = { cipher: 'aes-256-cbc', passphrase: 'secret' };
  return privateKey.export({ type: 'pkcs8', format: 'pem', ...secret }).toString();
}
