import { type ConstDirectiveNode, type DocumentNode, Kind, visit } from 'graphql';

/** The name that a directive of a specification of Apollo has in a supergraph; `undefined` where it is not linked. */
export function linkedDirective(document: DocumentNode, specification: string): string | undefined {
  const link = linksOf(document).find((each) =>
    textArgument(each, 'url')?.startsWith(`https://specs.apollo.dev/${specification}/`),
  );
  return link && (importedAs(link, specification) ?? textArgument(link, 'as') ?? specification);
}

/** The addresses of the specifications that a supergraph links. */
export function linkedSpecifications(document: DocumentNode): ReadonlySet<string> {
  return new Set(linksOf(document).flatMap((link) => textArgument(link, 'url') ?? []));
}

function linksOf({ definitions }: DocumentNode): readonly ConstDirectiveNode[] {
  return definitions
    .flatMap((each) => (each.kind === Kind.SCHEMA_DEFINITION ? (each.directives ?? []) : []))
    .filter(({ name }) => name.value === 'link');
}

/** The name that `import: [{ name: "@tag", as: "@mark" }]` gives a directive. */
function importedAs(link: ConstDirectiveNode, specification: string): string | undefined {
  const value = link.arguments?.find(({ name }) => name.value === 'import')?.value;
  const imports = value?.kind === Kind.LIST ? value.values : [];
  for (const each of imports) {
    if (each.kind !== Kind.OBJECT) continue;
    const texts = new Map(
      each.fields.map((field) => [
        field.name.value,
        field.value.kind === Kind.STRING ? field.value.value : undefined,
      ]),
    );
    if (texts.get('name') === `@${specification}`) return texts.get('as')?.slice(1);
  }
  return undefined;
}

/** The tags that a schema element has itself. */
export function tagsOf(
  { directives = [] }: { readonly directives?: readonly ConstDirectiveNode[] | undefined },
  tagDirective: string,
): readonly string[] {
  return directives
    .filter(({ name }) => name.value === tagDirective)
    .map((directive) => textArgument(directive, 'name') ?? '');
}

/** Every tag of a document, each once. */
export function allTags(document: DocumentNode, tagDirective: string): ReadonlySet<string> {
  const tags = new Set<string>();
  visit(document, {
    Directive: (directive) => {
      if (directive.name.value !== tagDirective) return;
      for (const tag of tagsOf({ directives: [directive as ConstDirectiveNode] }, tagDirective)) {
        tags.add(tag);
      }
    },
  });
  return tags;
}

function textArgument(directive: ConstDirectiveNode, name: string): string | undefined {
  const value = directive.arguments?.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}
