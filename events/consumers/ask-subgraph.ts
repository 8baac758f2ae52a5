import { request } from 'undici';
import {
  createIdentitySigner,
  identityHeader,
  type SignedIdentity,
} from '../../common/identity-token.ts';

/** The address of a subgraph, and the shared identity key. */
export interface SubgraphAddress {
  readonly name: string;
  /** The URL of its GraphQL endpoint, which only services can reach. */
  readonly url: string;
  readonly identityKey: string;
}

/** Calls a subgraph and returns its JSON; rejects unless the response is 200, in time, and JSON. */
export type AskSubgraph = (question: {
  readonly query: string;
  readonly variables: object;
}) => Promise<unknown>;

/** The maximum size of a response in bytes. */
const maxBytes = 256 * 1024;

/** A token with less than this left is not used again: it has to arrive, and clocks differ. */
const renewedBeforeSeconds = 30;

/** The deadline of a call. */
const answerMs = 5_000;

/** Calls a subgraph directly as an admin, with the signed identity that it accepts from services. */
export function createAskSubgraph(
  { name, url, identityKey }: SubgraphAddress,
  caller: { readonly name: string; readonly scopes: readonly string[] },
): AskSubgraph {
  const sign = createIdentitySigner(name, identityKey);
  const admin = {
    ...({ kind: 'user', id: '0', role: 'admin' } as const),
    scopes: caller.scopes,
    sessionId: caller.name,
  };
  let signed: SignedIdentity = { token: '', expiresAt: 0 };
  const tokenNow = (): string => {
    const left = signed.expiresAt - Date.now() / 1_000;
    if (left < renewedBeforeSeconds) signed = sign(admin);
    return signed.token;
  };
  return async (question) => {
    const { statusCode, body } = await request(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        [identityHeader]: tokenNow(),
      },
      body: JSON.stringify(question),
      signal: AbortSignal.timeout(answerMs),
    });
    const text = await readAtMost(body, maxBytes);
    if (statusCode !== 200) throw new Error(`${name} answered ${statusCode}`);
    return JSON.parse(text) as unknown;
  };
}

async function readAtMost(body: AsyncIterable<unknown>, most: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > most) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
