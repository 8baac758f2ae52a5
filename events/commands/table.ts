import { greatest } from '../../common/greatest.ts';

/** A table with columns as wide as their content. Control characters in cells are removed. */
export function table(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const shown = [heads, ...rows.map((row) => row.map(printable))];
  const widths = heads.map((_, column) =>
    greatest(
      shown.map((row) => row[column]?.length ?? 0),
      0,
    ),
  );
  return shown.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** Text without control characters. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ');
}
