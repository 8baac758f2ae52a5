import { hashOf, type KnownOperation } from '../../operations/known-operation.ts';

/** Committed operations with the clients that a usage log knows, and what only the log knows; in the order of names. */
export function mergeOperations(
  committed: readonly KnownOperation[],
  logged: readonly KnownOperation[],
): readonly KnownOperation[] {
  const clients = new Map(logged.map((each) => [hashOf(each.document), each.clients]));
  const here = committed.map((operation) => ({ operation, hash: hashOf(operation.document) }));
  const hashes = new Set(here.map(({ hash }) => hash));
  return [
    ...here.map(({ operation, hash }) => ({ ...operation, clients: clients.get(hash) ?? [] })),
    ...logged.filter(({ document }) => !hashes.has(hashOf(document))),
  ].sort((left, right) => (left.name < right.name ? -1 : Number(left.name > right.name)));
}
