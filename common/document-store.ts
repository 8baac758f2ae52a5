import type { DocumentNode } from 'graphql';
import { compactDocument, documentBytes } from './compact-document.ts';
import { SegmentedLruCache } from './segmented-lru-cache.ts';

/** The default memory for parsed documents, in bytes. */
const documentBytesDefault = 8 * 1024 * 1024;

/** Apollo Server's `documentStore` interface. */
export interface DocumentStore {
  get(key: string): Promise<DocumentNode | undefined>;
  set(key: string, document: DocumentNode): Promise<void>;
  delete(key: string): Promise<boolean>;
}

/**
 * A `documentStore` for Apollo Server, limited by the measured memory of its documents. Apollo Server's own store uses
 * the length of a document's JSON as its size, which is less than a quarter of its memory.
 */
export function createDocumentStore(bytesMax = documentBytesDefault): DocumentStore {
  const documents = new SegmentedLruCache<DocumentNode>(bytesMax);
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
