/**
 * Whether output is to have colours: on a terminal, and what reads a pipe or a file gets plain text, in CI as well.
 * `NO_COLOR` takes them away (no-color.org), `FORCE_COLOR` gives them anywhere (force-color.org); the first wins.
 */
export function wantsColours(
  stream: { readonly isTTY?: boolean },
  { NO_COLOR, FORCE_COLOR }: Readonly<Record<string, string | undefined>>,
): boolean {
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return stream.isTTY ?? false;
}
