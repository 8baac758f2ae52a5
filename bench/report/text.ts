import type { Figure } from '../measure/statistics.ts';

/** A row of a Markdown table. */
export type Row = readonly [label: string, ...cells: readonly string[]];

/** A Markdown table; its columns after the first are aligned as said. */
export function table(
  headings: Row,
  rows: readonly Row[],
  cellsAre: 'numbers' | 'text' = 'numbers',
): string {
  const alignment = headings.map((_, at) => (at === 0 || cellsAre === 'text' ? '---' : '---:'));
  return [headings, alignment, ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}

/** A figure as its median and range, such as `118 (115–124)`. */
export function withRange({ median, least, most }: Figure): string {
  return `${inShort(median)} (${inShort(least)}–${inShort(most)})`;
}

/** A ratio, such as `1.25×`. */
export function times(ratio: number): string {
  return `${inShort(ratio)}×`;
}

/** A number with about three digits, thousands set apart. */
export function inShort(value: number): string {
  if (value >= 100) return count(Math.round(value));
  return value.toFixed(value >= 10 ? 1 : 2);
}

/** Bytes as whole MiB. */
export function mebibytes(bytes: number): string {
  return count(Math.round(bytes / 2 ** 20));
}

/** A reason, cut to one line that a table can hold. */
export function excerptOf(reason: string, maxChars = 160): string {
  const line = reason.replaceAll(/\s+/g, ' ').replaceAll('`', "'");
  return line.length > maxChars ? `${line.slice(0, maxChars)}…` : line;
}

/** A whole number, thousands set apart. */
export function count(whole: number): string {
  return String(whole).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}
