import { type DocumentNode, type DirectiveNode, Kind, type ValueNode } from 'graphql';

/** A specification that a schema uses (https://specs.apollo.dev/link/v1.0). */
export interface Feature {
  /** The specification's own name, the last part of its address before the version. */
  readonly name: string;
  /** The prefix of its elements in this schema. */
  readonly namespace: string;
  /** Its elements that go by another name than `namespace__name`: own name → name here; directives with `@`. */
  readonly imports: ReadonlyMap<string, string>;
}

/** The features that a schema document links to. */
export function featuresOf(document: DocumentNode): readonly Feature[] {
  return document.definitions.flatMap((definition) => {
    if (definition.kind !== Kind.SCHEMA_DEFINITION && definition.kind !== Kind.SCHEMA_EXTENSION) {
      return [];
    }
    return (definition.directives ?? [])
      .filter(({ name }) => name.value === 'link')
      .flatMap(readLink);
  });
}

/** The name of a feature's directive in this schema, without `@`. */
export function directiveName({ imports, namespace, name }: Feature, directive: string): string {
  const imported = imports.get(`@${directive}`);
  if (imported !== undefined) return imported.slice(1);
  return directive === name ? namespace : `${namespace}__${directive}`;
}

/** What a specification's directive of its own name is called in a schema with these features, without `@`. */
export function ownDirectiveName(features: readonly Feature[], name: string): string | undefined {
  const feature = features.find((each) => each.name === name);
  return feature && directiveName(feature, name);
}

/** Tells whether a type or directive definition belongs to one of the features and not to the graph itself. */
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

function readLink(link: DirectiveNode): Feature[] {
  const url = stringOf(argument(link, 'url'));
  const [, name] = /\/([A-Za-z0-9_-]+)(?:\/v\d+\.\d+)?\/?$/.exec(url ?? '') ?? [];
  if (name === undefined) return [];
  const imports = new Map<string, string>();
  const list = argument(link, 'import');
  for (const item of list?.kind === Kind.LIST ? list.values : []) {
    if (item.kind === Kind.STRING) imports.set(item.value, item.value);
    if (item.kind !== Kind.OBJECT) continue;
    const field = (key: string): string | undefined =>
      stringOf(item.fields.find((each) => each.name.value === key)?.value);
    const original = field('name');
    if (original !== undefined) imports.set(original, field('as') ?? original);
  }
  return [{ name, namespace: stringOf(argument(link, 'as')) ?? name, imports }];
}

function argument({ arguments: args }: DirectiveNode, name: string): ValueNode | undefined {
  return args?.find((each) => each.name.value === name)?.value;
}

function stringOf(value: ValueNode | undefined): string | undefined {
  return value?.kind === Kind.STRING ? value.value : undefined;
}
