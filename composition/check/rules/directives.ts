import { type GraphQLDirective, isSpecifiedDirective } from 'graphql';
import { type ApiRule, matchNames } from '../api-rule.ts';
import type { Change } from '../change.ts';
import { argumentWords, changesOfInputValues } from '../input-values.ts';

/** Definitions of the directives allowed in operations. */
export const directives: ApiRule = (base, head) => {
  const defined = (schema: typeof base): readonly GraphQLDirective[] =>
    schema.getDirectives().filter((directive) => !isSpecifiedDirective(directive));
  const { removed, added, kept } = matchNames(defined(base), defined(head));
  return [
    ...removed.map(({ name }): Change => ({
      code: 'DIRECTIVE_REMOVED',
      message: `The directive @${name} was removed.`,
      coordinate: `@${name}`,
      in: 'base',
    })),
    ...added.map(({ name }): Change => ({
      code: 'DIRECTIVE_ADDED',
      message: `The directive @${name} was added.`,
      coordinate: `@${name}`,
      in: 'head',
    })),
    ...kept.flatMap(([before, after]) => changesOf(before, after)),
  ];
};

function changesOf(before: GraphQLDirective, after: GraphQLDirective): readonly Change[] {
  const coordinate = `@${before.name}`;
  const lost = before.locations.filter((location) => !after.locations.includes(location));
  const won = after.locations.filter((location) => !before.locations.includes(location));
  return [
    ...lost.map((location): Change => ({
      code: 'DIRECTIVE_LOCATION_REMOVED',
      message: `The directive ${coordinate} may no longer be on ${location}.`,
      coordinate,
      in: 'head',
    })),
    ...won.map((location): Change => ({
      code: 'DIRECTIVE_LOCATION_ADDED',
      message: `The directive ${coordinate} may be on ${location} now.`,
      coordinate,
      in: 'head',
    })),
    ...(before.isRepeatable === after.isRepeatable
      ? []
      : [
          {
            code: after.isRepeatable ? 'DIRECTIVE_REPEATABLE' : 'DIRECTIVE_NO_LONGER_REPEATABLE',
            message: `The directive ${coordinate} is ${after.isRepeatable ? 'repeatable now' : 'no longer repeatable'}.`,
            coordinate,
            in: 'head',
          } as const,
        ]),
    ...changesOfInputValues(
      before.args,
      after.args,
      (name) => `${coordinate}(${name}:)`,
      argumentWords,
    ),
  ];
}
