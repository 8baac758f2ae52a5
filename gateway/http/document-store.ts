import type { ApolloServerOptions, BaseContext } from '@apollo/server';
import type { DocumentNode } from 'graphql';
import { compactDocument, documentBytes } from '../planning/compact-document.ts';
import { TwoPartCache } from '../planning/two-part-cache.ts';

type ApolloDocumentStore = NonNullable<ApolloServerOptions<BaseContext>['documentStore']>;

/** The bytes of parsed documents that are kept where nothing else is said. */
export const documentBytesDefault = 8 * 1024 * 1024;

/**
 * Keeps valid documents for Apollo Server's `documentStore`, by the key that it gives them, up to a number of bytes that
 * are measured: its own store takes the length of a document's JSON for its size, which is less than a quarter of it.
 */
export function createDocumentStore(bytesMax = documentBytesDefault): ApolloDocumentStore {
  const documents = new TwoPartCache<DocumentNode>(bytesMax);
  return {
    get: (key) => Promise.resolve(documents.get(key)),
    set: (key, document) => {
      const compact = compactDocument(document);
      documents.set(key, compact, documentBytes(compact));
      return Promise.resolve();
    },
    delete: (key) => Promise.resolve(documents.delete(key)),
  };
}
