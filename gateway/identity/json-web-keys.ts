import { createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { splitCredentials } from '../../common/address-credentials.ts';
import type { Clock } from '../../common/clock.ts';
import { AppError, messageOf } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';

/** A set older than this is refetched in the background, while requests still use it. */
export const refreshAfterMs = 240_000;

/** A set older than this is refetched before it is used, so that a withdrawn key is no longer valid. */
export const waitAfterMs = 300_000;

/** The shortest time between two fetches when there is a set: anybody can send an unknown key id. */
export const fetchIntervalMs = 30_000;

/** The shortest time between two fetches while there is no set yet: the issuer may be starting. */
export const firstFetchIntervalMs = 1_000;

const maxBytes = 64 * 1024;
const maxKeys = 32;

const keySet = z.object({ keys: z.array(z.unknown()).max(maxKeys) });

const kidMaxChars = 256;

/** Identifies the kind of a key (RFC 7517 §4). */
const anyKey = z.object({
  kty: z.string(),
  crv: z.unknown().optional(),
  use: z.unknown().optional(),
  alg: z.unknown().optional(),
  kid: z.unknown().optional(),
});

/** A public ES256 key (RFC 7518 §6.2); other members, including `x5u`, are ignored. */
const es256Key = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  kid: z.string().min(1).max(kidMaxChars),
  x: z.string().max(64),
  y: z.string().max(64),
});

/** The dependencies of the key set. */
export interface JsonWebKeysDependencies {
  /** A user and a password in it are sent as Basic credentials, and never logged. */
  readonly url: string;
  /** The timeout of the whole fetch. */
  readonly timeoutMs: number;
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The published keys of an issuer (RFC 7517). */
export interface JsonWebKeys {
  /**
   * The key with this id; `undefined` when the issuer has none. Throws AppError AUTHENTICATION_UNAVAILABLE until a set
   * has been fetched.
   */
  find(kid: string): Promise<KeyObject | undefined>;
  /** Whether this is still the key with this id, as `find` would say; `undefined` when only `find` can tell. */
  isStill(kid: string, key: KeyObject): boolean | undefined;
  /** Whether there is a set; if there is none, it is fetched, which takes as long as a fetch may take. */
  areKnown(): Promise<boolean>;
}

/**
 * Fetches, caches and refreshes the keys that an issuer publishes. It survives an outage: the last valid set is used
 * until there is another. One fetch at a time, with a deadline and a size limit; redirects are not followed.
 *
 * `createRemoteJWKSet` of jose does not use an old set during an outage, fetches again for each token while the issuer
 * fails, and refuses a whole set because of one key.
 */
export function createJsonWebKeys(dependencies: JsonWebKeysDependencies): JsonWebKeys {
  const { clock, log } = dependencies;
  // Fetch refuses an address with a password, and its message would repeat it.
  const { url: address, authorization } = splitCredentials(dependencies.url);
  const url = address.href;
  const source: KeySource = { ...dependencies, url, authorization };
  let keys: ReadonlyMap<string, KeyObject> | undefined;
  let triedAt = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | undefined;

  const renew = async (): Promise<void> => {
    try {
      keys = unchangedFrom(keys, await fetchKeys(source));
    } catch (error) {
      log.warn({ url, reason: messageOf(error) }, 'keys of access tokens could not be fetched');
    }
  };
  /** Starts a fetch unless one was tried recently; `undefined` then. */
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

  /** Makes sure that the set is refreshed in time; false when the caller has to wait for that. */
  const isFresh = (): boolean => {
    const ageMs = clock.now() - triedAt;
    if (ageMs >= waitAfterMs) return false;
    if (ageMs >= refreshAfterMs) void tryRenew();
    return true;
  };

  return {
    isStill: (kid, key) => (isFresh() ? keys?.get(kid) === key : undefined),
    async find(kid) {
      const known = isFresh() ? keys?.get(kid) : undefined;
      if (known) return known;
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
    async areKnown() {
      if (!keys) await tryRenew();
      return keys !== undefined;
    },
  };
}

interface KeySource extends JsonWebKeysDependencies {
  readonly authorization: string | undefined;
}

async function fetchKeys({
  url,
  authorization,
  timeoutMs,
  fetch,
  log,
}: KeySource): Promise<ReadonlyMap<string, KeyObject>> {
  const accept = 'application/jwk-set+json, application/json';
  const response = await fetch(url, {
    headers: authorization === undefined ? { accept } : { accept, authorization },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`expected status 200, got ${response.status}`);
  }
  const { keys } = keySet.parse(JSON.parse(await readText(response)));
  const usable = new Map<string, KeyObject>();
  for (const jwk of keys) {
    try {
      const imported = importKey(jwk);
      if (imported) usable.set(imported[0], imported[1]);
    } catch (error) {
      // One malformed key of an issuer does not invalidate the others.
      log.warn({ url, kid: kidOf(jwk), reason: messageOf(error) }, 'a published key is malformed');
    }
  }
  if (usable.size === 0) throw new Error('expected a key of ES256, got none');
  return usable;
}

/** The keys; unchanged ones as the same objects: tokens verified with them stay valid. */
function unchangedFrom(
  before: ReadonlyMap<string, KeyObject> | undefined,
  keys: ReadonlyMap<string, KeyObject>,
): ReadonlyMap<string, KeyObject> {
  return new Map(
    [...keys].map(([kid, key]) => {
      const old = before?.get(kid);
      return [kid, old?.equals(key) ? old : key];
    }),
  );
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

/** The set may have keys of other kinds for other readers: they are skipped. Throws for anything that is not a key. */
function importKey(jwk: unknown): readonly [string, KeyObject] | undefined {
  const kind = anyKey.parse(jwk);
  if (kind.kty !== 'EC' || kind.crv !== 'P-256') return undefined;
  if ((kind.use ?? 'sig') !== 'sig' || (kind.alg ?? 'ES256') !== 'ES256') return undefined;
  const { kty, crv, kid, x, y } = es256Key.parse(jwk);
  return [kid, createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' })];
}

function kidOf(jwk: unknown): string | undefined {
  const { data } = anyKey.safeParse(jwk);
  return typeof data?.kid === 'string' ? data.kid.slice(0, kidMaxChars) : undefined;
}
