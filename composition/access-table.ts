import { createRequire } from 'node:module';
import type * as FederationInternals from '@apollo/federation-internals';
import {
  type ConstArgumentNode,
  type ConstDirectiveNode,
  type DocumentNode,
  isTypeDefinitionNode,
  Kind,
  parse,
  print,
} from 'graphql';
import { greatest } from '../common/greatest.ts';

/** A field or type that not everybody may see. */
export interface AccessTableRow {
  /** A schema coordinate: `Type` or `Type.field`. */
  readonly coordinate: string;
  /** The access directives in their own names, whatever they are imported as; all of them must hold. */
  readonly requirement: readonly string[];
  /** The subgraphs that answer it. */
  readonly subgraphs: readonly string[];
}

/** Every element of a supergraph with an access directive, in the order of coordinates. Throws for an invalid SDL. */
export function accessTable(supergraphSdl: string): readonly AccessTableRow[] {
  const document = parse(supergraphSdl, { noLocation: true });
  const names = directiveNames(supergraphSdl);
  const graphs = graphNames(document);
  const rows = document.definitions.flatMap((definition): AccessTableRow[] => {
    if (!isTypeDefinitionNode(definition)) return [];
    const type = definition.name.value;
    const owners = subgraphsOf(definition.directives, 'join__type', graphs);
    const fields =
      definition.kind === Kind.OBJECT_TYPE_DEFINITION ||
      definition.kind === Kind.INTERFACE_TYPE_DEFINITION
        ? (definition.fields ?? [])
        : [];
    return [
      {
        coordinate: type,
        requirement: requirementOf(definition.directives, names),
        subgraphs: owners,
      },
      ...fields.map(({ name, directives }) => {
        const own = subgraphsOf(directives, 'join__field', graphs);
        return {
          coordinate: `${type}.${name.value}`,
          requirement: requirementOf(directives, names),
          subgraphs: own.length > 0 ? own : owners,
        };
      }),
    ];
  });
  return rows
    .filter(({ requirement }) => requirement.length > 0)
    .sort((left, right) => (left.coordinate < right.coordinate ? -1 : 1));
}

/** The table in columns, as it is committed. */
export function printAccessTable(rows: readonly AccessTableRow[]): string {
  const head = ['coordinate', 'requirement', 'subgraphs'];
  const lines = rows.map(({ coordinate, requirement, subgraphs }) => [
    coordinate,
    requirement.join(' '),
    subgraphs.join(', '),
  ]);
  const widths = head.map((title, column) =>
    greatest(
      lines.map((line) => line[column]?.length ?? 0),
      title.length,
    ),
  );
  const row = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return `${[row(head), rule, ...lines.map(row)].join('\n')}\n`;
}

const accessDirectives = ['authenticated', 'requiresScopes', 'policy'] as const;

/** What each access directive is called in the supergraph, as Apollo reads its links. */
function directiveNames(supergraphSdl: string): ReadonlyMap<string, string> {
  // CommonJS without named exports that Node could see.
  const { Supergraph } = createRequire(import.meta.url)(
    '@apollo/federation-internals',
  ) as typeof FederationInternals;
  const features = Supergraph.build(supergraphSdl, { supportedFeatures: null }).schema.coreFeatures;
  return new Map(
    accessDirectives.flatMap((directive) => {
      const feature = features?.getByIdentity(`https://specs.apollo.dev/${directive}`);
      return feature ? [[feature.directiveNameInSchema(directive), directive] as const] : [];
    }),
  );
}

function requirementOf(
  directives: readonly ConstDirectiveNode[] | undefined,
  names: ReadonlyMap<string, string>,
): readonly string[] {
  return (directives ?? [])
    .flatMap((directive) => {
      const value = names.get(directive.name.value);
      if (value === undefined) return [];
      return [print({ ...directive, name: { kind: Kind.NAME, value } })];
    })
    .sort();
}

/** The subgraphs that the join directives of an element name, those where it is external or overridden aside. */
function subgraphsOf(
  directives: readonly ConstDirectiveNode[] | undefined,
  join: string,
  graphs: ReadonlyMap<string, string>,
): readonly string[] {
  const names = (directives ?? []).flatMap(({ name, arguments: args = [] }) => {
    if (name.value !== join || isTrue(args, 'external') || isTrue(args, 'usedOverridden'))
      return [];
    const graph = args.find((argument) => argument.name.value === 'graph')?.value;
    return graph?.kind === Kind.ENUM ? [graphs.get(graph.value) ?? graph.value] : [];
  });
  return [...new Set(names)].sort();
}

function isTrue(args: readonly ConstArgumentNode[], name: string): boolean {
  const value = args.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.BOOLEAN && value.value;
}

function graphNames({ definitions }: DocumentNode): ReadonlyMap<string, string> {
  const graphs = new Map<string, string>();
  for (const definition of definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== 'join__Graph')
      continue;
    for (const { name, directives } of definition.values ?? []) {
      const graph = directives?.find((directive) => directive.name.value === 'join__graph');
      const value = graph?.arguments?.find((each) => each.name.value === 'name')?.value;
      if (value?.kind === Kind.STRING) graphs.set(name.value, value.value);
    }
  }
  return graphs;
}
