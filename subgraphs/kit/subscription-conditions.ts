import type { ApolloServerPlugin } from '@apollo/server';
import { type DocumentNode, GraphQLError, parse } from 'graphql';
import { subscriptionConditionIn } from '../../common/subscription-condition.ts';
import type { SubgraphContext } from './define-subgraph.ts';

/**
 * Answers 400 to `@skip` or `@include` at the root of a subscription, for which graphql-js would throw during
 * validation.
 */
export const withoutSubscriptionConditions: ApolloServerPlugin<SubgraphContext> = {
  requestDidStart: () =>
    Promise.resolve({
      // An error thrown here would be answered with 500: Apollo Server validates a document that reports the refusal
      // instead.
      validationDidStart: (context) => {
        const reason = subscriptionConditionIn(context.document);
        if (reason !== undefined) {
          (context as { document: MaybeRefused }).document = { ...harmless, refused: reason };
        }
        return Promise.resolve();
      },
      didResolveOperation: ({ document }: { readonly document: MaybeRefused }) => {
        if (document.refused === undefined) return Promise.resolve();
        throw new GraphQLError(document.refused, {
          extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } },
        });
      },
    }),
};

/**
 * A property, not an entry in a WeakSet: Apollo Server's document store keeps it under the hash of the refused text.
 */
type MaybeRefused = DocumentNode & { readonly refused?: string };

const harmless = parse('{ __typename }', { noLocation: true });
