import { type DocumentNode, Kind } from 'graphql';
import { placesOf } from './locate.ts';
import type { CompositionProblem } from './problem.ts';

/**
 * A problem for each input type with `@oneOf`: composition of Federation 2.14 does not know it and drops it if the
 * subgraph defines it. Clients and gateway would no longer know that exactly one member is required.
 */
export function oneOfProblems({ definitions }: DocumentNode): readonly CompositionProblem[] {
  return definitions.flatMap((definition): readonly CompositionProblem[] => {
    if (
      definition.kind !== Kind.INPUT_OBJECT_TYPE_DEFINITION &&
      definition.kind !== Kind.INPUT_OBJECT_TYPE_EXTENSION
    ) {
      return [];
    }
    const directive = definition.directives?.find(({ name }) => name.value === 'oneOf');
    if (!directive) return [];
    const { value: name } = definition.name;
    const members = (definition.fields ?? []).map((field) => field.name.value).join(', ');
    return [
      {
        code: 'ONE_OF_NOT_KEPT',
        message: `The input type "${name}" has @oneOf, which composition cannot keep: the supergraph would take any number of its members (${members}).`,
        places: placesOf([directive]),
        fix: `Give each member a field of its own where "${name}" is an argument now, such as userById(id:) and userByEmail(email:), and remove "${name}".`,
      },
    ];
  });
}
