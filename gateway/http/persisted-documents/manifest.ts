import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { StartupError } from '../../../common/errors.ts';
import { canonicalTextOf } from './canonical-text.ts';

/** An operation in a manifest. */
export interface ManifestOperation {
  readonly id: string;
  readonly name: string;
  readonly body: string;
}

/** The operations that clients were built with. */
export interface Manifest {
  readonly operations: readonly ManifestOperation[];
  /** The text of an operation, by its id or by the sha256 of its text. */
  textOf(id: string): string | undefined;
  /** Whether a text equals an operation, except for white space, comments, commas and the order of its definitions. */
  holds(source: string): boolean;
}

/** Limits on comparing texts. */
export interface ComparisonLimits {
  /** A longer text is only compared literally. */
  readonly maxTokens: number;
}

const schema = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(
    z.object({
      id: z.string().min(1).max(512),
      name: z.string(),
      type: z.enum(['query', 'mutation', 'subscription']),
      body: z.string().min(1),
    }),
  ),
});

/** For how many texts that match no operation literally the verdict is cached. */
const verdictsMax = 10_000;

/** How many operations are read before requests have their turn again. */
const operationsPerTurn = 50;

/**
 * Reads a manifest of the format `apollo-persisted-query-manifest`, version 1. `file` is where the text comes from.
 * Throws a StartupError PERSISTED_DOCUMENTS_INVALID that says what is wrong with it; operations are not validated.
 */
export async function readManifest(
  json: string,
  file: string,
  { maxTokens }: ComparisonLimits,
): Promise<Manifest> {
  const { operations } = parseManifest(json, file);
  const texts = new Map<string, string>();
  for (const { id, body } of operations) {
    if (texts.has(id)) throw invalidManifest(file, `has the id "${id}" twice`);
    texts.set(id, body);
  }
  const exact = new Set<string>();
  const canonicalHashes = new Set<string>();
  for (const [index, { body }] of operations.entries()) {
    exact.add(body);
    const hash = sha256(body);
    // The manifest decides what an id means, even when it is the hash of another text.
    if (!texts.has(hash)) texts.set(hash, body);
    const canonicalText = canonicalTextOf(body);
    if (canonicalText !== undefined) canonicalHashes.add(sha256(canonicalText));
    if (index % operationsPerTurn === 0) await nextTurn();
  }
  const verdicts = new LRUCache<string, boolean>({ max: verdictsMax });
  return {
    operations,
    textOf: (id) =>
      texts.get(id) ?? (id.startsWith(sha256Prefix) ? texts.get(bare(id)) : undefined),
    holds: (source) => {
      if (exact.has(source)) return true;
      const key = sha256(source);
      const known = verdicts.get(key);
      if (known !== undefined) return known;
      const canonicalText = canonicalTextOf(source, maxTokens);
      const verdict = canonicalText !== undefined && canonicalHashes.has(sha256(canonicalText));
      verdicts.set(key, verdict);
      return verdict;
    },
  };
}

/** A StartupError for a manifest that cannot be used. `problem` follows the name of the file. */
export function invalidManifest(file: string, problem: string, cause?: unknown): StartupError {
  return new StartupError(
    'PERSISTED_DOCUMENTS_INVALID',
    `The manifest of persisted documents "${file}" ${problem}.`,
    'Regenerate it: npx generate-persisted-query-manifest; or start without it: persistedDocuments.mode: off in the settings file',
    cause === undefined ? undefined : { cause },
  );
}

/** The hash with which clients identify a text: hexadecimal, lower case. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** An id without the prefix that names its hash function (GraphQL over HTTP, appendix on persisted documents). */
export function bare(id: string): string {
  return id.startsWith(sha256Prefix) ? id.slice(sha256Prefix.length) : id;
}

const sha256Prefix = 'sha256:';

function parseManifest(json: string, file: string): z.infer<typeof schema> {
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch (error) {
    throw invalidManifest(file, 'is not JSON', error);
  }
  const { data, error } = schema.safeParse(content);
  if (data) return data;
  const [issue] = error.issues;
  const place = issue?.path.length ? ` at ${issue.path.map(String).join('.')}` : '';
  throw invalidManifest(file, `is malformed${place}: ${issue?.message ?? 'unreadable'}`, error);
}
