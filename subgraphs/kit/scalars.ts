import { GraphQLScalarType } from 'graphql';

/**
 * A point in time as RFC 3339 text in UTC with milliseconds. Resolvers return a Date; no argument has this type yet.
 */
export const DateTime = new GraphQLScalarType({
  name: 'DateTime',
  serialize(value) {
    if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
    throw new TypeError(`A DateTime must be a Date; got ${typeof value}.`);
  },
});
