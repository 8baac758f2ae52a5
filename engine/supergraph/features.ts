import { type ConstDirectiveNode, type DocumentNode, Kind } from 'graphql';
import { argumentOf, textOf } from './directive-arguments.ts';

/** A specification that a schema links (https://specs.apollo.dev/link/v1.0). */
export interface Feature {
  /** For Apollo's specifications the last part of the URL before the version; for others the whole URL. */
  readonly name: string;
  /** The version, such as `0.3`; empty when the URL has none. */
  readonly version: string;
  /** The `for` argument of the link; a gateway must support features that have one. */
  readonly purpose: string | undefined;
  /** The prefix of the feature's elements in this schema. */
  readonly namespace: string;
  /** Elements with another name than `namespace__name`: original name → name in this schema; directives with `@`. */
  readonly imports: ReadonlyMap<string, string>;
}

/** The features that a schema document links; Federation 1 does it with `@core`. */
export function featuresOf(document: DocumentNode): readonly Feature[] {
  return document.definitions.flatMap((definition) => {
    if (definition.kind !== Kind.SCHEMA_DEFINITION && definition.kind !== Kind.SCHEMA_EXTENSION) {
      return [];
    }
    return (definition.directives ?? [])
      .filter(({ name }) => name.value === 'link' || name.value === 'core')
      .flatMap(readLink);
  });
}

/** The name of a feature's directive in this schema, without `@`. */
export function directiveName({ imports, namespace, name }: Feature, directive: string): string {
  const imported = imports.get(`@${directive}`);
  if (imported !== undefined) return imported.slice(1);
  return directive === name ? namespace : `${namespace}__${directive}`;
}

/** The name of a specification's main directive in a schema with these features, without `@`. */
export function ownDirectiveName(features: readonly Feature[], name: string): string | undefined {
  const feature = features.find((each) => each.name === name);
  return feature && directiveName(feature, name);
}

/** The features that this gateway supports, or warns about, as `name/version`. */
const supportedFeatures: ReadonlySet<string> = new Set([
  ...['core/0.1', 'core/0.2', 'link/1.0'],
  ...['join/0.1', 'join/0.2', 'join/0.3', 'join/0.4', 'join/0.5'],
  ...['inaccessible/0.1', 'inaccessible/0.2', 'tag/0.1', 'tag/0.2', 'tag/0.3'],
  ...['authenticated/0.1', 'requiresScopes/0.1', 'policy/0.1'],
  ...['context/0.1', 'cost/0.1', 'cacheTag/0.1'],
]);

/** Specifications that affect every response, so an unknown version is never ignored. */
const alwaysRequired: ReadonlySet<string> = new Set(['core', 'link', 'join', 'context', 'cost']);

/**
 * Returns a message about a feature that must be supported (`for: SECURITY` or `EXECUTION`, or a core specification)
 * and is unknown, or has an unknown version; `undefined` when there is none.
 */
export function unsupportedFeature(features: readonly Feature[]): string | undefined {
  const unsupported = features.find(
    ({ name, version, purpose }) =>
      !supportedFeatures.has(`${name}/${version}`) &&
      (alwaysRequired.has(name) || purpose === 'SECURITY' || purpose === 'EXECUTION'),
  );
  if (!unsupported) return undefined;
  const { name, version, purpose } = unsupported;
  const what = version === '' ? name : `${name} v${version}`;
  const why = purpose === undefined ? '' : `, needed for ${purpose}`;
  return `it uses ${what}${why}, which this gateway does not support`;
}

/** Tells whether a type or directive definition belongs to a feature rather than to the graph itself. */
export function featureElements(features: readonly Feature[]): {
  readonly isDirective: (name: string) => boolean;
  readonly isType: (name: string) => boolean;
} {
  const imported = new Set(features.flatMap(({ imports }) => [...imports.values()]));
  const namespaces = new Set(features.map(({ namespace }) => namespace));
  const isPrefixed = (name: string): boolean => {
    const end = name.indexOf('__');
    return end > 0 && namespaces.has(name.slice(0, end));
  };
  return {
    isDirective: (name) => namespaces.has(name) || imported.has(`@${name}`) || isPrefixed(name),
    isType: (name) => imported.has(name) || isPrefixed(name),
  };
}

function readLink(link: ConstDirectiveNode): Feature[] {
  const url = textOf(link, link.name.value === 'core' ? 'feature' : 'url') ?? '';
  const [, identity = '', version = ''] = /^(.*?)(?:\/v(\d+\.\d+))?\/?$/s.exec(url) ?? [];
  const last = identity.slice(identity.lastIndexOf('/') + 1);
  if (last === '') return [];
  const imports = new Map<string, string>();
  const list = argumentOf(link, 'import');
  for (const item of list?.kind === Kind.LIST ? list.values : []) {
    if (item.kind === Kind.STRING) imports.set(item.value, item.value);
    if (item.kind !== Kind.OBJECT) continue;
    const field = (key: string): string | undefined => {
      const value = item.fields.find((each) => each.name.value === key)?.value;
      return value?.kind === Kind.STRING ? value.value : undefined;
    };
    const original = field('name');
    if (original !== undefined) imports.set(original, field('as') ?? original);
  }
  return [
    {
      name: identity === `https://specs.apollo.dev/${last}` ? last : identity,
      version,
      purpose: textOf(link, 'for'),
      namespace: textOf(link, 'as') ?? last,
      imports,
    },
  ];
}
