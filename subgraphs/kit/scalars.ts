import { GraphQLScalarType } from 'graphql';

/** A point in time as RFC 3339 text in UTC with milliseconds. Takes a Date from a resolver; no argument has it yet. */
export const DateTime = new GraphQLScalarType({
  name: 'DateTime',
  serialize(value) {
    if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
    throw new TypeError(`A DateTime is served from a Date; got ${typeof value}.`);
  },
});
