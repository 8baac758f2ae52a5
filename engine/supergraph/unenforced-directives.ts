import type { DirectiveNode, DocumentNode } from 'graphql';
import { textOf } from './directive-arguments.ts';
import { directiveName, type Feature } from './features.ts';

/** A directive that the supergraph uses and the gateway does not enforce. */
export interface UnenforcedDirective {
  /** Its original name, regardless of its import. */
  readonly name: string;
  readonly uses: number;
  /** What that means for clients. */
  readonly consequence: string;
}

/** The directives that a gateway should enforce, with the feature that defines them. */
const enforceable: readonly { feature: string; directive: string; consequence: string }[] = [
  {
    feature: 'authenticated',
    directive: 'authenticated',
    consequence: 'anonymous clients are let through',
  },
  {
    feature: 'requiresScopes',
    directive: 'requiresScopes',
    consequence: 'clients without the scopes are let through',
  },
  {
    feature: 'policy',
    directive: 'policy',
    consequence: 'clients are let through whatever the policy says',
  },
  { feature: 'cost', directive: 'cost', consequence: 'operations are not limited by their cost' },
  {
    feature: 'cost',
    directive: 'listSize',
    consequence: 'operations are not limited by their cost',
  },
  { feature: 'cacheTag', directive: 'cacheTag', consequence: 'nothing is cached by entity' },
];

/** The directives in use that are not in `enforced`. */
export function unenforcedDirectives(
  document: DocumentNode,
  features: readonly Feature[],
  enforced: ReadonlySet<string>,
): readonly UnenforcedDirective[] {
  const uses = countDirectives(document);
  return enforceable.flatMap(({ feature: name, directive, consequence }) => {
    const feature = features.find((each) => each.name === name);
    const count =
      (feature ? (uses.get(directiveName(feature, directive)) ?? 0) : 0) +
      (uses.get(`join__directive ${directive}`) ?? 0);
    return count > 0 && !enforced.has(directive)
      ? [{ name: directive, uses: count, consequence }]
      : [];
  });
}

/** Counts applied directives; those wrapped in `@join__directive` are counted as `join__directive name`. */
function countDirectives({ definitions }: DocumentNode): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const count = ({ directives = [], fields, arguments: args, values }: Element): void => {
    for (const directive of directives) {
      const name = directive.name.value;
      const key =
        name === 'join__directive'
          ? `${name} ${textOf(directive, 'name')?.replace(/^federation__/, '')}`
          : name;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    fields?.forEach(count);
    args?.forEach(count);
    values?.forEach(count);
  };
  // Only elements with directives are read: traversing all of a large document takes as long as parsing it.
  definitions.forEach(count);
  return counts;
}

/** An element that may have directives, and nested elements. */
interface Element {
  readonly directives?: readonly DirectiveNode[];
  readonly fields?: readonly Element[];
  readonly arguments?: readonly Element[];
  readonly values?: readonly Element[];
}
