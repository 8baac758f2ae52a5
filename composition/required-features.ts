import { type ConstDirectiveNode, type DocumentNode, Kind } from 'graphql';
import { placesOf } from './locate.ts';
import type { CompositionProblem } from './problem.ts';

/** The specifications known to composition, by the last part of their URL at https://specs.apollo.dev/. */
const known: ReadonlySet<string> = new Set([
  ...['link', 'core', 'federation', 'inaccessible', 'tag', 'authenticated', 'requiresScopes'],
  ...['policy', 'context', 'cost', 'cacheTag', 'connect'],
]);

/**
 * A problem for each `@link` that says by `for: SECURITY` or `for: EXECUTION` that its specification must be understood, and
 * whose specification is unknown here: composition drops the purpose, and usually the link, so that a gateway would
 * serve the supergraph without it (https://specs.apollo.dev/link/v1.0/#Purpose).
 */
export function requiredFeatureProblems({
  definitions,
}: DocumentNode): readonly CompositionProblem[] {
  return definitions
    .flatMap((definition) =>
      definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION
        ? (definition.directives ?? [])
        : [],
    )
    .filter(({ name }) => name.value === 'link')
    .flatMap((link) => {
      const url = valueOf(link, 'url') ?? '';
      const purpose = valueOf(link, 'for');
      if (purpose === undefined || isKnown(url)) return [];
      return [
        {
          code: 'REQUIRED_FEATURE_UNKNOWN',
          message: `The schema says that ${url} must be understood (for: ${purpose}), which neither composition nor the gateway knows.`,
          places: placesOf([link]),
          fix: 'Remove the @link and what it is for, and enforce that in the subgraph; or, if nothing has to enforce it, remove its `for`.',
        },
      ];
    });
}

function isKnown(url: string): boolean {
  const [, name = ''] = /^https:\/\/specs\.apollo\.dev\/(\w+)(?:\/|$)/.exec(url) ?? [];
  return known.has(name);
}

function valueOf(link: ConstDirectiveNode, argument: string): string | undefined {
  const value = link.arguments?.find(({ name }) => name.value === argument)?.value;
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined;
}
