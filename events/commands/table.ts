import { greatest } from '../../common/greatest.ts';

/** Rows below their heads, in columns as wide as what is in them. Control characters of what others wrote are left out. */
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

/** Text that does nothing to a terminal. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ');
}
