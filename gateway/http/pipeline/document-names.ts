import type { AskedOperation } from './asked-operation.ts';
import type { DocumentStage, OperationStage, Step } from './stages.ts';

/** How documents are named, and which may be run. */
export interface DocumentNames {
  /** The text that is sent, or that of the document that is named. Throws what refuses the request. */
  textOf(asked: AskedOperation): string;
  /** Throws what refuses a text that may not be run. */
  admit(source: string): void;
  /** From now on the text is found by its hash. */
  register(source: string): void;
}

/** Any text may be run, and none has another name. */
export const textsAlone: DocumentNames = {
  textOf: ({ query = '' }) => query,
  admit: () => undefined,
  register: () => undefined,
};

/** Finds the text of the document that is asked for. */
export function nameDocument(names: DocumentNames): Step {
  return (request) => {
    request.source = names.textOf(request.asked);
    return undefined;
  };
}

/** Lets those texts pass that may be run, before anything is read of them. */
export function admitDocument(names: DocumentNames): DocumentStage {
  return (source, document) => {
    names.admit(source);
    return document;
  };
}

/** Registers a text that was sent with its hash, once nothing is wrong with it (automatic persisted queries). */
export function registerDocument(names: DocumentNames): OperationStage {
  const register: Step = ({ asked: { query, persistedQuery } }) => {
    if (persistedQuery !== undefined && query !== undefined) names.register(query);
    return undefined;
  };
  return () => register;
}
