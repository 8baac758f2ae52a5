import { KeyObject } from 'node:crypto';
import { importJWK } from 'jose';
import { z } from 'zod';
import type { Clock } from '../../common/clock.ts';
import { AppError, messageOf } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';

/** A set older than this is fetched anew beside the request that finds it so. */
export const refreshAfterMs = 300_000;

/** Least time between two fetches while there is a set: an unknown key id may come from anybody. */
export const fetchIntervalMs = 30_000;

/** Least time between two fetches while there is no set yet: the issuer may be starting. */
export const firstFetchIntervalMs = 1_000;

const maxBytes = 64 * 1024;
const maxKeys = 32;

const keySet = z.object({ keys: z.array(z.unknown()).max(maxKeys) });

/** A public key of ES256 (RFC 7518 §6.2); other members, `x5u` among them, are not read. */
const es256Key = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  kid: z.string().min(1).max(256),
  x: z.string().max(64),
  y: z.string().max(64),
  use: z.literal('sig').optional(),
  alg: z.literal('ES256').optional(),
});

/** What the key set is made of. */
export interface JsonWebKeysDependencies {
  readonly url: string;
  /** Time the whole fetch may take. */
  readonly timeoutMs: number;
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The published keys of an issuer (RFC 7517). */
export interface JsonWebKeys {
  /**
   * The key of that id; `undefined` when the issuer has none. Throws AppError AUTHENTICATION_UNAVAILABLE while no set
   * could be fetched yet.
   */
  find(kid: string): Promise<KeyObject | undefined>;
}

/**
 * Fetches, keeps and renews the keys that an issuer publishes. An outage is survived: the last good set serves until
 * there is another. One fetch at a time, within a deadline and a size, redirects not followed.
 */
export function createJsonWebKeys(dependencies: JsonWebKeysDependencies): JsonWebKeys {
  const { url, clock, log } = dependencies;
  let keys: ReadonlyMap<string, KeyObject> | undefined;
  let triedAt = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | undefined;

  const renew = async (): Promise<void> => {
    try {
      keys = await fetchKeys(dependencies);
    } catch (error) {
      log.warn({ url, reason: messageOf(error) }, 'keys of access tokens could not be fetched');
    }
  };
  /** Starts a fetch unless one was tried lately; `undefined` then. */
  const tryRenew = (): Promise<void> | undefined => {
    if (running) return running;
    const interval = keys ? fetchIntervalMs : firstFetchIntervalMs;
    if (clock.now() - triedAt < interval) return undefined;
    triedAt = clock.now();
    running = renew().finally(() => {
      running = undefined;
    });
    return running;
  };

  return {
    async find(kid) {
      const known = keys?.get(kid);
      if (known) {
        if (clock.now() - triedAt >= refreshAfterMs) void tryRenew();
        return known;
      }
      await tryRenew();
      if (!keys) {
        throw new AppError(
          'AUTHENTICATION_UNAVAILABLE',
          'Access tokens cannot be verified now; try again.',
          { retryAfterSeconds: firstFetchIntervalMs / 1_000 },
        );
      }
      return keys.get(kid);
    },
  };
}

async function fetchKeys({
  url,
  timeoutMs,
  fetch,
}: JsonWebKeysDependencies): Promise<ReadonlyMap<string, KeyObject>> {
  const response = await fetch(url, {
    headers: { accept: 'application/jwk-set+json, application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`expected status 200, got ${response.status}`);
  }
  const { keys } = keySet.parse(JSON.parse(await readText(response)));
  const imported = await Promise.all(keys.map(importKey));
  const usable = imported.filter((entry) => entry !== undefined);
  if (usable.length === 0) throw new Error('expected a key of ES256, got none');
  return new Map(usable);
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // A key set is small: more than this is a mistake or an attack.
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new Error(`expected at most ${maxBytes} bytes, got more`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Keys of other kinds may stand in the set for other readers: they are passed over. */
async function importKey(jwk: unknown): Promise<readonly [string, KeyObject] | undefined> {
  const { success, data } = es256Key.safeParse(jwk);
  if (!success) return undefined;
  const key = await importJWK({ kty: data.kty, crv: data.crv, x: data.x, y: data.y }, 'ES256');
  return key instanceof Uint8Array ? undefined : [data.kid, KeyObject.from(key)];
}
