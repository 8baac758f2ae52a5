import { createHash } from 'node:crypto';
import { z } from 'zod';
import { CacheFolder } from './cache-folder.ts';

const place = z.strictObject({
  file: z.string(),
  line: z.number().optional(),
  column: z.number().optional(),
  subgraph: z.string().optional(),
  lineText: z.string().optional(),
});

const composed = z.strictObject({
  supergraphSdl: z.string(),
  apiSdl: z.string(),
  possibleTypes: z.string(),
  hints: z.array(
    z.strictObject({
      code: z.string(),
      level: z.enum(['warning', 'info']),
      message: z.string(),
      places: z.array(place),
      fix: z.string(),
    }),
  ),
});

/** What a composition gives, the same whenever the same texts are composed by the same composer. */
export type KnownComposition = z.infer<typeof composed>;

/** Remembers compositions by the content that they were made of. */
export interface CompositionCache {
  get(key: string): Promise<KnownComposition | undefined>;
  set(key: string, composition: KnownComposition): Promise<void>;
}

/** The head and the base of a check, before a change and after it. */
const inMemoryMax = 4;

/** Remembers the last few in memory, and the others in a folder where one is given. */
export function compositionCache(folder: string | undefined): CompositionCache {
  const files = folder === undefined ? undefined : new CacheFolder(folder);
  const inMemory = new Map<string, KnownComposition>();
  const keep = (key: string, composition: KnownComposition): void => {
    inMemory.delete(key);
    inMemory.set(key, composition);
    const [oldest] = inMemory.keys();
    if (inMemory.size > inMemoryMax && oldest !== undefined) inMemory.delete(oldest);
  };
  return {
    get: async (key) => {
      const known = inMemory.get(key) ?? read(await files?.read(key));
      if (known) keep(key, known);
      return known;
    },
    set: async (key, composition) => {
      keep(key, composition);
      await files?.write(key, JSON.stringify(composition));
    },
  };
}

function read(text: string | undefined): KnownComposition | undefined {
  if (text === undefined) return undefined;
  try {
    return composed.parse(JSON.parse(text));
  } catch {
    // It was written by another version: it is composed and written again.
    return undefined;
  }
}

/** A key that differs when any of the parts does. */
export function cacheKeyOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
