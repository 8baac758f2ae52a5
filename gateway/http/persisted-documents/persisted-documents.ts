import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLError, GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import { errorCatalogue, type ErrorCode } from '../../../common/errors.ts';
import type { Logger } from '../../../common/logger.ts';
import type { PersistedDocumentsConfig } from '../../config/persisted-documents.ts';
import { refusal } from '../refusal.ts';
import type { DocumentRequest } from './document-request.ts';
import { nameOf } from './likeness.ts';
import { openManifestFile } from './manifest-file.ts';
import { bare, type ComparisonLimits, sha256 } from './manifest.ts';
import { RegisteredDocuments, type RegistrationCache } from './registered-documents.ts';
import { warnOfInvalid } from './validate-manifest.ts';

/** The documents that clients name instead of sending them, and those that they may send. */
export interface PersistedDocuments {
  /** Where Apollo Server keeps what clients register. */
  readonly registrations: RegistrationCache;
  /** Keeps what Apollo Server runs for a client to what is listed, whoever let it through. */
  readonly plugin: ApolloServerPlugin;
  /**
   * Gives a request the text of the document that it names, before Apollo Server reads it. The answer is an error that
   * refuses the request; without one Apollo Server goes on.
   */
  readonly resolve: (request: DocumentRequest) => GraphQLError | undefined;
  /** The text of a plain request that may be run, if it has been before. */
  readonly textOf: (request: {
    readonly query: string | undefined;
    readonly documentId: string | undefined;
  }) => string | undefined;
  /** Whether a client may have this text run, by itself or by its id. */
  readonly mayRun: (source: string) => boolean;
  /** Calls back when what may be run has changed. One listener. */
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

  const isListed = (source: string): boolean => !file || file.current().holds(source);
  const mayRun = (source: string): boolean => !isEnforced || isListed(source);

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

  const resolveId = (request: DocumentRequest, id: string): GraphQLError | undefined => {
    const text = file?.current().textOf(id);
    if (text !== undefined) {
      request.useText(text);
      return undefined;
    }
    if (isEnforced)
      return refuse('PERSISTED_QUERY_NOT_IN_LIST', 'No persisted document has this id.');
    const hash = bare(id);
    if (request.documentId !== undefined || hash !== id) request.useHash(hash);
    const known = file && registered.textOf(hash);
    if (known !== undefined && !isListed(known)) noteUnlisted(known);
    return undefined;
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
    registrations: registered.cache,
    plugin: isEnforced ? refuseUnlisted(mayRun) : {},
    resolve: (request) => {
      const { query, documentId, persistedQuery } = request;
      const asked = idOf(documentId, persistedQuery);
      if (asked instanceof Error) return asked;
      if (query === undefined) {
        if (asked === undefined) return undefined;
        return resolveId(request, asked);
      }
      if (documentId !== undefined)
        return badRequest('Expected a query or a documentId, not both.');
      if (asked !== undefined && asked !== sha256(query)) {
        return badRequest('The sha256Hash of the persisted query is not that of the query.');
      }
      if (query === '') return undefined;
      if (requiresId) {
        return refuse('PERSISTED_QUERY_ID_REQUIRED', 'Operations are taken by their id alone.');
      }
      if (isListed(query)) return undefined;
      noteUnlisted(query);
      if (!isEnforced) return undefined;
      return notInSafelist();
    },
    textOf: ({ query, documentId }) => {
      if (query !== undefined) return requiresId ? undefined : query;
      if (documentId === undefined) return undefined;
      const listed = file?.current().textOf(documentId);
      if (listed !== undefined || isEnforced) return listed;
      return registered.textOf(bare(documentId));
    },
    mayRun,
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

/** Operations that the gateway runs by itself, without HTTP, are not the client's to list. */
function refuseUnlisted(mayRun: (source: string) => boolean): ApolloServerPlugin {
  return {
    requestDidStart: ({ request }) =>
      Promise.resolve({
        didResolveOperation: ({ source }) => {
          if (request.http && !mayRun(source)) throw notInSafelist();
          return Promise.resolve();
        },
      }),
  };
}

function idOf(documentId: unknown, persistedQuery: unknown): string | undefined | GraphQLError {
  if (documentId !== undefined) {
    if (persistedQuery !== undefined) {
      return badRequest('Expected a documentId or a persistedQuery, not both.');
    }
    return isId(documentId) ? documentId : badRequest('Expected documentId to be one text.');
  }
  if (persistedQuery === undefined) return undefined;
  const { version, sha256Hash } = isRecord(persistedQuery) ? persistedQuery : {};
  if (version !== 1) return badRequest('Unsupported persisted query version: expected 1.');
  return isId(sha256Hash) ? sha256Hash : badRequest('Expected sha256Hash to be a text.');
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= idMaxChars;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function notInSafelist(): GraphQLError {
  return refuse('QUERY_NOT_IN_SAFELIST', 'The operation is not among the persisted documents.');
}

function badRequest(message: string): GraphQLError {
  return refuse('BAD_REQUEST', message);
}

/** A later manifest may have what this one has not, so nobody may keep the answer. */
function refuse(code: ErrorCode, message: string): GraphQLError {
  const headers = { 'cache-control': 'no-store' };
  return refusal(code, message, { status: errorCatalogue[code].status, headers });
}
