import { setImmediate as nextTurn } from 'node:timers/promises';
import { type GraphQLSchema, parse, validate } from 'graphql';
import { messageOf } from '../../../common/errors.ts';
import type { Logger } from '../../../common/logger.ts';
import { subscriptionConditionIn } from '../../../common/subscription-condition.ts';
import type { Manifest } from './manifest.ts';

/** Each invalid operation is logged, up to this many; the rest are only counted. */
const linesMax = 20;

const reasonMaxChars = 300;

/**
 * Warns of each operation of a manifest that is invalid on the schema: its client was built for another schema.
 * Requests have their turn after each operation. Stops when `isObsolete`.
 */
export async function warnOfInvalid(
  { operations }: Manifest,
  schema: GraphQLSchema,
  log: Logger,
  isObsolete: () => boolean,
): Promise<void> {
  let invalid = 0;
  for (const { id, name, body } of operations) {
    await nextTurn();
    if (isObsolete()) return;
    const reason = problemOf(body, schema);
    if (reason === undefined) continue;
    invalid++;
    if (invalid <= linesMax) {
      log.warn(
        { id, operationName: name, reason: reason.slice(0, reasonMaxChars) },
        'a persisted document is not valid on this schema: its clients will get errors',
      );
    }
  }
  if (invalid > linesMax) {
    log.warn({ invalid, of: operations.length }, 'more persisted documents are not valid');
  }
}

function problemOf(body: string, schema: GraphQLSchema): string | undefined {
  try {
    const document = parse(body);
    return (
      subscriptionConditionIn(document) ??
      validate(schema, document, undefined, { maxErrors: 1 })[0]?.message
    );
  } catch (error) {
    return messageOf(error);
  }
}
