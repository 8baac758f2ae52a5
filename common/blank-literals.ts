import { type DocumentNode, Kind, visit } from 'graphql';

/**
 * A document without the texts and numbers that a client wrote into it, which may be personal: each becomes an empty text
 * or a zero of the same kind, so that the document is as valid as before. Operations that differ in those alone become
 * equal.
 */
export function blankLiterals(document: DocumentNode): DocumentNode {
  return visit(document, {
    [Kind.STRING]: (node) =>
      node.value === '' && node.block !== true
        ? undefined
        : { kind: Kind.STRING, value: '', block: false },
    [Kind.INT]: (node) => (node.value === '0' ? undefined : { kind: Kind.INT, value: '0' }),
    [Kind.FLOAT]: (node) => (node.value === '0.0' ? undefined : { kind: Kind.FLOAT, value: '0.0' }),
    // The labels of parts of one operation differ from each other, and contain nothing of a person.
    [Kind.DIRECTIVE]: ({ name }) => (name.value === 'defer' ? false : undefined),
  });
}
