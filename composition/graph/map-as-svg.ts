import { printableLine } from '../printable.ts';
import { type Box, type Edge, layoutOf, lineHeight, padding } from './map-layout.ts';
import type { SupergraphMap } from './supergraph-map.ts';

/** Colours by what a box is, dark enough on a light and light enough on a dark page: the picture has its own ground. */
const fills: Readonly<Record<Box['kind'], string>> = {
  subgraph: '#1f4e79',
  entity: '#fff4d6',
  shared: '#e8f1fa',
  rest: '#eeeeee',
};
const strokes: Readonly<Record<Box['kind'], string>> = {
  subgraph: '#1f4e79',
  entity: '#b7791f',
  shared: '#4a7ba6',
  rest: '#888888',
};

/** A map as a picture that needs no other file: subgraphs on the left, what they share on the right. */
export function mapAsSvg(map: SupergraphMap): string {
  const { boxes, edges, width, height } = layoutOf(map);
  const [w, h] = [Math.ceil(width), Math.ceil(height)];
  const title = `${map.subgraphs.length} subgraphs, ${map.entities.length} entities, ${map.shared.length} other shared types`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="12" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${w}" height="${h}" fill="#ffffff"/>`,
    ...edges.map(lineOf),
    ...boxes.map(boxOf),
    '</svg>',
  ].join('\n');
}

function lineOf({ from, to, fromY, toY, isDotted }: Edge): string {
  const [start, end] = [from.x + from.width, to.x];
  const middle = (start + end) / 2;
  const dots = isDotted ? ' stroke-dasharray="3 4"' : '';
  return `<path d="M${start} ${round(fromY)} C${round(middle)} ${round(fromY)} ${round(middle)} ${round(toY)} ${end} ${round(toY)}" fill="none" stroke="${strokes[to.kind]}" stroke-width="1.5"${dots}/>`;
}

function boxOf({ kind, title, lines, x, y, width, height }: Box): string {
  const colour = kind === 'subgraph' ? '#ffffff' : '#222222';
  const first = y + padding + lineHeight * 0.75;
  return [
    `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${kind === 'subgraph' ? 2 : 9}" fill="${fills[kind]}" stroke="${strokes[kind]}"/>`,
    `<text x="${round(x + padding)}" y="${round(first)}" font-weight="bold" fill="${colour}">${escaped(title)}</text>`,
    ...lines.map(
      (line, at) =>
        `<text x="${round(x + padding)}" y="${round(first + lineHeight * (at + 1))}" fill="#444444">${escaped(line)}</text>`,
    ),
  ].join('\n');
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

function escaped(text: string): string {
  return printableLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
