const maxLength = 100;

/** Control characters, lone surrogates, line ends, and marks that change the direction of the text after them. */
const forbidden = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u;

/**
 * The canonical form of a name that others see (NFC, trimmed), or `undefined` for text that is not 1 to 100 characters,
 * has no letter or digit, or contains characters that would disturb the text around it.
 */
export function readName(text: string): string | undefined {
  const name = text.trim().normalize('NFC');
  const isName =
    Array.from(name).length <= maxLength && /[\p{L}\p{N}]/u.test(name) && !forbidden.test(name);
  return isName ? name : undefined;
}
