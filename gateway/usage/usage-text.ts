import { type DocumentNode, print, separateOperations, stripIgnoredCharacters } from 'graphql';
import { blankLiterals } from '../../common/blank-literals.ts';

/** An operation as the usage log has it: itself and the fragments that it needs, without values. */
export function usageTextOf(document: DocumentNode, operationName: string | undefined): string {
  const separated = separateOperations(document);
  const one = operationName === undefined ? Object.values(separated)[0] : separated[operationName];
  return stripIgnoredCharacters(print(blankLiterals(one ?? document)));
}
