import type { DocumentNode } from 'graphql';
import { subscriptionConditionIn } from '../../common/subscription-condition.ts';
import type { DocumentRule } from './document-rule.ts';
import type { OperationLimits } from './limits.ts';
import { measureDocument } from './measure-document.ts';
import { aliases } from './rules/aliases.ts';
import { circularFragments } from './rules/circular-fragments.ts';
import { depth } from './rules/depth.ts';
import { directives } from './rules/directives.ts';
import { inputDepth } from './rules/input-depth.ts';
import { introspection } from './rules/introspection.ts';
import { names } from './rules/names.ts';
import { nesting } from './rules/nesting.ts';
import { oncePerOperation } from './rules/once-per-operation.ts';
import { operations } from './rules/operations.ts';
import { repeatedFields } from './rules/repeated-fields.ts';
import { rootFields } from './rules/root-fields.ts';
import { selections } from './rules/selections.ts';
import { tokens } from './rules/tokens.ts';
import { invalid, type Violation } from './violation.ts';

/** In an order on which the rules rely: from `selections` on, fragments can be expanded. */
const rules: readonly DocumentRule[] = [
  tokens,
  operations,
  circularFragments,
  names,
  depth,
  nesting,
  aliases,
  directives,
  inputDepth,
  introspection,
  selections,
  rootFields,
  oncePerOperation,
  repeatedFields,
];

/** Returns the first rule violation of a document. Runs before validation, so the document may be invalid. */
export function checkDocument(
  document: DocumentNode,
  limits: OperationLimits,
): Violation | undefined {
  const measured = measureDocument(document);
  for (const rule of rules) {
    const violation = rule(measured, limits);
    if (violation) return violation;
  }
  const condition = subscriptionConditionIn(document);
  return condition === undefined ? undefined : invalid(condition);
}
