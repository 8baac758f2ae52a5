import { type ConstDirectiveNode, type ConstValueNode, type DocumentNode, Kind } from 'graphql';

/**
 * The name that the main directive of a specification has in a schema; `undefined` for a schema that does not link it.
 * `identity` is the URL without the version.
 */
export function linkedDirective(
  document: DocumentNode,
  identity: string,
  main: string,
): string | undefined {
  const link = schemaDirectives(document).find((each) => {
    const url = valueOf(each, 'url');
    return (
      each.name.value === 'link' &&
      url?.kind === Kind.STRING &&
      url.value.replace(/\/v\d+\.\d+\/?$/, '') === identity
    );
  });
  if (!link) return undefined;
  const imported = valueOf(link, 'import');
  for (const item of imported?.kind === Kind.LIST ? imported.values : []) {
    if (item.kind === Kind.STRING && item.value === `@${main}`) return main;
    if (item.kind !== Kind.OBJECT) continue;
    const textIn = (key: string): string | undefined => {
      const value = item.fields.find(({ name }) => name.value === key)?.value;
      return value?.kind === Kind.STRING ? value.value : undefined;
    };
    if (textIn('name') === `@${main}`) return (textIn('as') ?? `@${main}`).slice(1);
  }
  const alias = valueOf(link, 'as');
  return alias?.kind === Kind.STRING ? alias.value : main;
}

/** Whether composition keeps a directive (`@composeDirective`). */
export function isComposed(document: DocumentNode, directive: string): boolean {
  return schemaDirectives(document).some((each) => {
    const name = valueOf(each, 'name');
    return (
      /^(?:federation__)?composeDirective$/.test(each.name.value) &&
      name?.kind === Kind.STRING &&
      name.value === `@${directive}`
    );
  });
}

/** The value of a directive's argument. */
export function valueOf(
  directive: ConstDirectiveNode,
  argument: string,
): ConstValueNode | undefined {
  return directive.arguments?.find(({ name }) => name.value === argument)?.value;
}

function schemaDirectives({ definitions }: DocumentNode): readonly ConstDirectiveNode[] {
  return definitions.flatMap((each) =>
    each.kind === Kind.SCHEMA_DEFINITION || each.kind === Kind.SCHEMA_EXTENSION
      ? (each.directives ?? [])
      : [],
  );
}
