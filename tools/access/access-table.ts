import { isTypeDefinitionNode } from 'graphql';
import { greatest } from '../../common/greatest.ts';
import { printClause, type Requirement } from '../../engine/access/clause.ts';
import { createRequirementIndex } from '../../engine/access/requirement-index.ts';
import { SupergraphIndex } from '../../engine/planning/supergraph-index.ts';
import { readSupergraph } from '../../engine/supergraph/supergraph.ts';

/** A field or type with restricted access. */
export interface AccessTableRow {
  /** A schema coordinate: `Type` or `Type.field`. */
  readonly coordinate: string;
  /** The requirements for a viewer, with the directives' own names; all must be satisfied. */
  readonly requirement: readonly string[];
  /** The subgraphs that resolve it. */
  readonly subgraphs: readonly string[];
}

/**
 * Every restricted element of a supergraph, as the gateway reads it, ordered by coordinate. Throws an AppError
 * SUPERGRAPH_INVALID for a supergraph that the gateway would not load.
 */
export function accessTable(supergraphSdl: string): readonly AccessTableRow[] {
  const supergraph = readSupergraph(supergraphSdl);
  const { document, features, apiSchema } = supergraph;
  const requirements = createRequirementIndex(supergraph);
  const index = new SupergraphIndex(document, features, apiSchema);
  const rowOf = (
    coordinate: string,
    requirement: Requirement,
    graphs: Iterable<number>,
  ): AccessTableRow => ({
    coordinate,
    requirement: requirement.map(printClause).sort(),
    subgraphs: [...new Set(Array.from(graphs, (graph) => index.graphNames[graph] ?? ''))].sort(),
  });
  const rows = document.definitions.filter(isTypeDefinitionNode).flatMap((definition) => {
    const name = definition.name.value;
    const type = index.type(name);
    if (!type) return [];
    const fields = 'fields' in definition ? (definition.fields ?? []) : [];
    return [
      rowOf(name, requirements.ofType(name), type.inGraphs.keys()),
      ...fields.map((field) => {
        const offers = type.offers(field.name.value).filter(({ isExternal }) => !isExternal);
        return rowOf(
          `${name}.${field.name.value}`,
          requirements.ofField(name, field.name.value),
          offers.map(({ graph }) => graph),
        );
      }),
    ];
  });
  return rows
    .filter(({ requirement }) => requirement.length > 0)
    .sort((left, right) => (left.coordinate < right.coordinate ? -1 : 1));
}

/** The table in columns, as committed. */
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
