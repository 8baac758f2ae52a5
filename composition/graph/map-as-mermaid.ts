import type { Entity, SharedType, SupergraphMap } from './supergraph-map.ts';

/** A map as a flow chart of Mermaid: boxes for subgraphs, rounded ones for entities, hexagons for other shared types. */
export function mapAsMermaid({ subgraphs, entities, shared }: SupergraphMap): string {
  const ids = new Map(subgraphs.map((name, at) => [name, `subgraph${at + 1}`]));
  const idOf = (subgraph: string): string => ids.get(subgraph) ?? subgraph;
  return [
    'flowchart LR',
    ...subgraphs.map((name) => `  ${idOf(name)}[${quoted([name])}]`),
    ...entities.flatMap((entity, at) => entityLines(entity, `entity${at + 1}`, idOf)),
    ...shared.flatMap((type, at) => sharedLines(type, `type${at + 1}`, idOf)),
  ].join('\n');
}

function entityLines(
  { name, subgraphs, sharedFields }: Entity,
  id: string,
  idOf: (subgraph: string) => string,
): readonly string[] {
  const label = [name, ...(sharedFields.length > 0 ? [`shared: ${sharedFields.join(', ')}`] : [])];
  return [
    `  ${id}([${quoted(label)}])`,
    ...subgraphs.map(({ subgraph, keys, fields }) => {
      const by = keys.length > 0 ? [keys.map((key) => `@key ${key}`).join('<br/>')] : [];
      const arrow = keys.length > 0 ? '---' : '-.-';
      const text = quoted([...by, `${fields} field${fields === 1 ? '' : 's'}`]);
      return `  ${idOf(subgraph)} ${arrow}|${text}| ${id}`;
    }),
  ];
}

function sharedLines(
  { name, subgraphs, fields }: SharedType,
  id: string,
  idOf: (subgraph: string) => string,
): readonly string[] {
  return [
    `  ${id}{{${quoted([name, fields.join(', ')])}}}`,
    ...subgraphs.map((subgraph) => `  ${idOf(subgraph)} --- ${id}`),
  ];
}

/** Lines as the text of a box; names of GraphQL and of subgraphs have nothing that ends it, and keys have braces. */
function quoted(lines: readonly string[]): string {
  return `"${lines.join('<br/>').replaceAll('"', '#quot;').replaceAll('{', '#123;').replaceAll('}', '#125;')}"`;
}
