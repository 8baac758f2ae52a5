import { createPublicKey } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { jwtVerify } from 'jose';
import type { User } from '../domain/user.ts';
import { createAccessTokenIssuer } from './access-token-issuer.ts';
import { readAccessTokenKeys } from './access-token-keys.ts';
import { generatePrivateKeyPem } from './private-key-pem.ts';

const now = Date.parse('2026-11-23T08:00:00.000Z');
const user: User = {
  id: '3',
  email: 'admin@example.com',
  name: 'Ada Admin',
  role: 'admin',
  createdAt: new Date(0),
};

async function createIssuer() {
  const { signing: key } = readAccessTokenKeys([generatePrivateKeyPem()]);
  const clock = { now: () => now };
  const issue = createAccessTokenIssuer({ key, issuer: 'the-issuer', audience: 'all', clock });
  return { key, issue };
}

describe('users/access-token-issuer', () => {
  it('signs with ES256 and names key and type in the header (RFC 9068)', async () => {
    const { key, issue } = await createIssuer();
    const { protectedHeader, payload } = await jwtVerify(
      issue(user, 'the-session'),
      createPublicKey(key.privateKey),
      { currentDate: new Date(now) },
    );
    expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: key.kid });
    expect(payload).toMatchObject({ iss: 'the-issuer', aud: 'all', sub: '3', sid: 'the-session' });
  });

  it('issues a token that expires after 15 minutes on the given clock', async () => {
    const { key, issue } = await createIssuer();
    const verifyAt = (milliseconds: number) =>
      jwtVerify(issue(user, 'the-session'), createPublicKey(key.privateKey), {
        currentDate: new Date(now + milliseconds),
      });
    await expect(verifyAt(899_000)).resolves.toBeDefined();
    await expect(verifyAt(900_000)).rejects.toMatchObject({ code: 'ERR_JWT_EXPIRED' });
  });

  it('never issues the same token twice', async () => {
    const { issue } = await createIssuer();
    expect(issue(user, 'the-session')).not.toBe(issue(user, 'the-session'));
  });
});
