import { greatest } from '../../common/greatest.ts';
import type { Entity, SharedType, SupergraphMap } from './supergraph-map.ts';

/** A box of the picture, with its lines of text. Measures are in pixels. */
export interface Box {
  readonly kind: 'subgraph' | 'entity' | 'shared' | 'rest';
  readonly title: string;
  readonly lines: readonly string[];
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A line from a subgraph to a type that it has. */
export interface Edge {
  readonly from: Box;
  readonly to: Box;
  /** How far down the subgraph's and the type's box it ends. */
  readonly fromY: number;
  readonly toY: number;
  /** Whether the subgraph only names the type, and cannot find it by a key. */
  readonly isDotted: boolean;
}

/** Where everything is: subgraphs on the left, types on the right, each among those that it is connected with. */
export interface Layout {
  readonly boxes: readonly Box[];
  readonly edges: readonly Edge[];
  readonly width: number;
  readonly height: number;
}

/** More types are not drawn one by one: those with the fewest subgraphs become one box for each set of subgraphs. */
const typesMax = 40;

export const lineHeight = 17;
export const padding = 12;
const margin = 24;
const gap = 18;
const letterWidth = 7.2;
const boxMinWidth = 120;
const linesMax = 8;
const textMaxLength = 60;

/** A type of the map, as the picture has it. */
interface DrawnType {
  readonly kind: Box['kind'];
  readonly title: string;
  readonly lines: readonly string[];
  readonly joins: readonly { readonly subgraph: string; readonly isDotted: boolean }[];
}

/** Lays a map out. The same map gives the same picture. */
export function layoutOf(map: SupergraphMap): Layout {
  const types = drawnTypes(map);
  const order = new Map(map.subgraphs.map((name, at) => [name, at]));
  const placeOf = ({ joins }: DrawnType): number =>
    joins.reduce((sum, { subgraph }) => sum + (order.get(subgraph) ?? 0), 0) /
    Math.max(1, joins.length);
  const sorted = [...types].sort(
    (one, other) => placeOf(one) - placeOf(other) || (one.title < other.title ? -1 : 1),
  );
  const left = column(
    map.subgraphs.map((title) => ({
      kind: 'subgraph',
      title,
      lines: [],
      rows: Math.ceil(types.filter(isIn(title)).length / 3),
    })),
    margin,
  );
  // In a high picture, lines need more room to be told apart.
  const between = Math.min(600, Math.max(180, left.height / 6, sorted.length * 12));
  const right = column(
    sorted.map((type) => ({ ...type, rows: type.joins.length })),
    margin + left.width + between,
  );
  const height = Math.max(left.height, right.height);
  const subgraphs = spread(left.boxes, left.height, height);
  const drawn = spread(right.boxes, right.height, height);
  return {
    boxes: [...subgraphs, ...drawn],
    edges: edgesOf(sorted, drawn, new Map(subgraphs.map((box) => [box.title, box]))),
    width: margin + left.width + between + right.width + margin,
    height: height + 2 * margin,
  };
}

function drawnTypes({ entities, shared }: SupergraphMap): readonly DrawnType[] {
  const all = [...entities.map(drawnEntity), ...shared.map(drawnShared)];
  if (all.length <= typesMax) return all;
  const byWeight = [...all].sort((one, other) => other.joins.length - one.joins.length);
  return [...byWeight.slice(0, typesMax), ...grouped(byWeight.slice(typesMax))];
}

/** Each subgraph has a row, where its line ends. */
function drawnEntity({ name, subgraphs, sharedFields }: Entity): DrawnType {
  return {
    kind: 'entity',
    title: name,
    lines: [
      ...subgraphs.map(({ subgraph, keys, fields }) => {
        const found = keys.length > 0 ? keys.map((key) => `@key ${key}`).join(', ') : 'no key';
        return shortened(`${subgraph}: ${found}, ${fields} field${fields === 1 ? '' : 's'}`);
      }),
      ...(sharedFields.length > 0 ? ['shared fields:', ...fewOf(sharedFields)] : []),
    ],
    joins: subgraphs.map(({ subgraph, keys }) => ({ subgraph, isDotted: keys.length === 0 })),
  };
}

function drawnShared({ name, subgraphs, fields }: SharedType): DrawnType {
  return {
    kind: 'shared',
    title: name,
    lines: fewOf(fields),
    joins: subgraphs.map((subgraph) => ({ subgraph, isDotted: false })),
  };
}

/** One box for all types of the same subgraphs. */
function grouped(types: readonly DrawnType[]): readonly DrawnType[] {
  const groups = new Map<string, DrawnType[]>();
  for (const type of types) {
    const key = JSON.stringify(type.joins.map(({ subgraph }) => subgraph));
    const group = groups.get(key);
    if (group) group.push(type);
    else groups.set(key, [type]);
  }
  return [...groups.values()].map((group) => ({
    kind: 'rest' as const,
    title: `${group.length} more type${group.length === 1 ? '' : 's'}`,
    lines: fewOf(group.map(({ title }) => title)),
    joins: (group[0]?.joins ?? []).map(({ subgraph }) => ({
      subgraph,
      label: '',
      isDotted: false,
    })),
  }));
}

function fewOf(names: readonly string[]): readonly string[] {
  const more = names.length - linesMax;
  const shown = names.slice(0, linesMax).map(shortened);
  return more > 0 ? [...shown, `and ${more} more`] : shown;
}

/** So that a long name does not make the picture wide. */
function shortened(text: string): string {
  const letters = Array.from(text);
  if (letters.length <= textMaxLength) return text;
  return `${letters.slice(0, textMaxLength - 1).join('')}…`;
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}

function isIn(wanted: string): (type: DrawnType) => boolean {
  return ({ joins }) => joins.some(({ subgraph }) => subgraph === wanted);
}

interface Column {
  readonly boxes: readonly Box[];
  readonly width: number;
  readonly height: number;
}

/** What goes into a box, and how many rows it is high at least: one for each line that ends there. */
type Content = Pick<Box, 'kind' | 'title' | 'lines'> & { readonly rows: number };

function column(contents: readonly Content[], x: number): Column {
  const titles = contents.map(({ title, ...rest }) => ({ ...rest, title: shortened(title) }));
  const texts = titles.flatMap(({ title, lines }) => [title, ...lines]);
  const width = Math.max(boxMinWidth, greatest(texts.map(lengthOf), 0) * letterWidth + 2 * padding);
  const boxes: Box[] = [];
  let y = margin;
  for (const { kind, title, lines, rows } of titles) {
    const height = lineHeight * Math.max(1 + lines.length, rows) + 2 * padding;
    boxes.push({ kind, title, lines, x, y, width, height });
    y += height + gap;
  }
  return { boxes, width, height: Math.max(0, y - gap - margin) };
}

/** The shorter column is as high as the other one, with more room between its boxes. */
function spread(boxes: readonly Box[], height: number, wanted: number): readonly Box[] {
  const room = (wanted - height) / (boxes.length + 1);
  return boxes.map((box, at) => ({ ...box, y: box.y + room * (at + 1) }));
}

function edgesOf(
  types: readonly DrawnType[],
  drawn: readonly Box[],
  subgraphs: ReadonlyMap<string, Box>,
): readonly Edge[] {
  const ends = types.flatMap(({ joins }, at) => {
    const to = drawn[at];
    if (!to) return [];
    return joins.flatMap(({ subgraph, isDotted }, number) => {
      const from = subgraphs.get(shortened(subgraph));
      if (!from) return [];
      const toY =
        to.kind === 'entity'
          ? to.y + padding + lineHeight * (number + 1.5)
          : to.y + (to.height * (number + 1)) / (joins.length + 1);
      return [{ from, to, toY, isDotted }];
    });
  });
  const counts = new Map<Box, number>();
  const totals = new Map<Box, number>();
  for (const { from } of ends) totals.set(from, (totals.get(from) ?? 0) + 1);
  return ends.map((end) => {
    const number = (counts.get(end.from) ?? 0) + 1;
    counts.set(end.from, number);
    const fromY = end.from.y + (end.from.height * number) / ((totals.get(end.from) ?? 0) + 1);
    return { ...end, fromY };
  });
}
