import type { AskedOperation } from './asked-operation.ts';
import type { DocumentStage, OperationStage, Step } from './stages.ts';

/** How documents are identified, and which may be run. */
export interface DocumentNames {
  /** The text in the request, or that of the document it identifies. Throws a refusal of the request. */
  textOf(asked: AskedOperation): string;
  /** Throws a refusal of a text that may not be run. */
  admit(source: string): void;
  /** From now on the text is found by its hash. */
  register(source: string): void;
}

/** Any text may be run, and documents have no other names. */
export const textsAlone: DocumentNames = {
  textOf: ({ query = '' }) => query,
  admit: () => undefined,
  register: () => undefined,
};

/** Finds the text of the requested document. */
export function nameDocument(names: DocumentNames): Step {
  return (request) => {
    request.source = names.textOf(request.asked);
    return undefined;
  };
}

/** Lets only texts pass that may be run, before they are parsed. */
export function admitDocument(names: DocumentNames): DocumentStage {
  return (source, document) => {
    names.admit(source);
    return document;
  };
}

/** Registers a text that was sent with its hash, once it has passed all checks (automatic persisted queries). */
export function registerDocument(names: DocumentNames): OperationStage {
  const register: Step = ({ asked: { query, persistedQuery } }) => {
    if (persistedQuery !== undefined && query !== undefined) names.register(query);
    return undefined;
  };
  return () => register;
}
