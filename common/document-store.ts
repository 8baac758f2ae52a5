import type { DocumentNode } from 'graphql';
import { compactDocument, documentBytes } from './compact-document.ts';
import { TwoPartCache } from './two-part-cache.ts';

/** The bytes of parsed documents that are kept where nothing else is said. */
const documentBytesDefault = 8 * 1024 * 1024;

/** What Apollo Server takes as its `documentStore`. */
export interface DocumentStore {
  get(key: string): Promise<DocumentNode | undefined>;
  set(key: string, document: DocumentNode): Promise<void>;
  delete(key: string): Promise<boolean>;
}

/**
 * Keeps valid documents for Apollo Server's `documentStore`, by the key that it gives them, up to a number of bytes that
 * are measured: its own store takes the length of a document's JSON for its size, which is less than a quarter of it.
 */
export function createDocumentStore(bytesMax = documentBytesDefault): DocumentStore {
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
