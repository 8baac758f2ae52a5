import type { GraphQLError, GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import { errorCatalogue, type ErrorCode } from '../../../common/errors.ts';
import type { Logger } from '../../../common/logger.ts';
import type { PersistedDocumentsConfig } from '../../config/persisted-documents.ts';
import type { DocumentNames } from '../pipeline/document-names.ts';
import { refusal } from '../refusal.ts';
import { nameOf } from './canonical-text.ts';
import { openManifestFile } from './manifest-file.ts';
import { bare, type ComparisonLimits, sha256 } from './manifest.ts';
import { RegisteredDocuments } from './registered-documents.ts';
import { warnOfInvalid } from './validate-manifest.ts';

/** The documents that clients may send by name, and those that they may send as text. */
export interface PersistedDocuments extends DocumentNames {
  /** Calls back when the set of allowed documents has changed. One listener. */
  onUpdate(listener: () => void): void;
  /** Warns of listed operations that are not valid on this schema, now and after each change of the manifest. */
  checkOn(schema: () => GraphQLSchema): void;
  close(): void;
}

const idMaxChars = 512;
const notedMax = 10_000;

/**
 * Opens the documents of a gateway; the mode `off` reads no manifest. Rejects with StartupError
 * PERSISTED_DOCUMENTS_INVALID.
 */
export async function openPersistedDocuments(
  config: PersistedDocumentsConfig,
  { maxTokens, log }: ComparisonLimits & { readonly log: Logger },
): Promise<PersistedDocuments> {
  const { mode, path } = config;
  const isEnforced = mode === 'enforce';
  const requiresId = isEnforced && config.requireId;
  const registered = new RegisteredDocuments(config.registeredMaxBytes);
  const file =
    mode === 'off' || path === undefined
      ? undefined
      : await openManifestFile({ ...config, path, maxTokens, log });
  const noted = new LRUCache<string, true>({ max: notedMax });
  let schemaNow: (() => GraphQLSchema) | undefined;
  let listener = (): void => undefined;

  /** Once for each operation, by its name and hash. */
  const noteUnlisted = (source: string): void => {
    const hash = sha256(source);
    if (noted.has(hash)) return;
    noted.set(hash, true);
    const operationName = nameOf(source, maxTokens);
    if (operationName === undefined) return;
    log.warn(
      { operationName: operationName.slice(0, 200), sha256: hash, refused: isEnforced },
      'operation is not among the persisted documents',
    );
  };

  const textOfId = (id: string): string => {
    const listed = file?.current().textOf(id);
    if (listed !== undefined) return listed;
    if (isEnforced) {
      throw refuse('PERSISTED_QUERY_NOT_IN_LIST', 'There is no persisted document with this id.');
    }
    const text = registered.textOf(bare(id));
    if (text === undefined) throw notRegistered();
    return text;
  };

  const checkManifest = (): void => {
    const manifest = file?.current();
    const schema = schemaNow?.();
    if (!manifest || !schema) return;
    const isObsolete = (): boolean => file?.current() !== manifest || schemaNow === undefined;
    void warnOfInvalid(manifest, schema, log, isObsolete);
  };

  file?.onUpdate(() => {
    noted.clear();
    listener();
    checkManifest();
  });

  return {
    textOf: ({ query, documentId, persistedQuery }) => {
      const asked = idOf(documentId, persistedQuery);
      if (query === undefined) {
        if (asked === undefined) throw noDocument();
        return textOfId(asked);
      }
      if (documentId !== undefined) throw badRequest('Expected a query or a documentId, not both.');
      if (asked !== undefined && asked !== sha256(query)) {
        throw badRequest('The sha256Hash of the persisted query is not that of the query.');
      }
      if (query === '' && asked === undefined) throw noDocument();
      if (requiresId) {
        throw refuse('PERSISTED_QUERY_ID_REQUIRED', 'Operations are only accepted by their id.');
      }
      return query;
    },
    admit: (source) => {
      if (!file || file.current().holds(source)) return;
      noteUnlisted(source);
      if (isEnforced) {
        throw refuse(
          'QUERY_NOT_IN_SAFELIST',
          'The operation is not among the persisted documents.',
        );
      }
    },
    register: (source) => {
      registered.add(source);
    },
    onUpdate: (callback) => {
      listener = callback;
    },
    checkOn: (schema) => {
      schemaNow = schema;
      checkManifest();
    },
    close: () => {
      schemaNow = undefined;
      file?.close();
    },
  };
}

function idOf(documentId: unknown, persistedQuery: unknown): string | undefined {
  if (documentId !== undefined) {
    if (persistedQuery !== undefined) {
      throw badRequest('Expected a documentId or a persistedQuery, not both.');
    }
    if (isId(documentId)) return documentId;
    throw badRequest('Expected documentId to be a single string.');
  }
  if (persistedQuery === undefined) return undefined;
  const { version, sha256Hash } = isRecord(persistedQuery) ? persistedQuery : {};
  if (version !== 1) throw badRequest('Unsupported persisted query version: expected 1.');
  if (isId(sha256Hash)) return sha256Hash;
  throw badRequest('Expected sha256Hash to be a string.');
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= idMaxChars;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** In Apollo Server's words, which tell clients to send the text. */
function notRegistered(): GraphQLError {
  const headers = { 'cache-control': 'private, no-cache, must-revalidate' };
  return refusal('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound', { status: 200, headers });
}

function noDocument(): GraphQLError {
  return badRequest(
    'GraphQL operations must contain a non-empty `query` or a `persistedQuery` extension.',
  );
}

function badRequest(message: string): GraphQLError {
  return refuse('BAD_REQUEST', message);
}

/** A later manifest may list the document, so the response must not be cached. */
function refuse(code: ErrorCode, message: string): GraphQLError {
  const headers = { 'cache-control': 'no-store' };
  return refusal(code, message, { status: errorCatalogue[code].status, headers });
}
