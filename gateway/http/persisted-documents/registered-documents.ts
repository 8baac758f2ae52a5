import type { ApolloServerOptions, BaseContext } from '@apollo/server';
import { TwoPartCache } from '../../../common/two-part-cache.ts';

/** How Apollo Server keeps the documents that clients register (automatic persisted queries). */
export type RegistrationCache = NonNullable<
  Exclude<ApolloServerOptions<BaseContext>['persistedQueries'], false | undefined>['cache']
>;

/** Apollo Server writes this before each hash. */
const prefix = 'apq:';

/** The documents that clients have registered by their hash, up to a number of bytes; see TwoPartCache. */
export class RegisteredDocuments {
  /** For Apollo Server, which checks the hash before it registers a text. */
  readonly cache: RegistrationCache;
  private readonly texts: TwoPartCache<string>;

  constructor(bytesMax: number) {
    const texts = new TwoPartCache<string>(bytesMax);
    this.texts = texts;
    this.cache = {
      get: (key) => Promise.resolve(texts.get(key)),
      set: (key, text) => {
        // A character takes two bytes when one of them is no Latin-1.
        if (texts.peek(key) !== text) texts.set(key, text, text.length * 2);
        return Promise.resolve();
      },
      delete: (key) => Promise.resolve(texts.delete(key)),
    };
  }

  /** The text of a hash, as Apollo Server would find it. */
  textOf(hash: string): string | undefined {
    return this.texts.get(prefix + hash);
  }
}
