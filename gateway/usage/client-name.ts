/** The most characters that are kept of a client's name, and of its version. */
const nameMaxLength = 64;

/** Letters that say nothing in a log, or that a terminal takes for commands. */
const unprintable = /[^\x20-\x7e\xa1-\xff]+/g;

/** What a client calls itself or its version, fit for a log; undefined if it says nothing. */
export function clientNameOf(header: string | readonly string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const text = typeof header === 'string' ? header : header.join(', ');
  const name = text.slice(0, nameMaxLength).replaceAll(unprintable, ' ').trim();
  return name === '' ? undefined : name;
}
