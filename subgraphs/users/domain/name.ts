const maxLength = 100;

/** Control characters, lone surrogates, line ends, and the marks that turn the direction of the text after them. */
const forbidden = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u;

/**
 * The one spelling of a name that others see (NFC, no space around it), or `undefined` for text that is not 1 to 100
 * characters, has no letter or digit, or holds characters that would disturb the text around it.
 */
export function readName(text: string): string | undefined {
  const name = text.trim().normalize('NFC');
  const isName =
    Array.from(name).length <= maxLength && /[\p{L}\p{N}]/u.test(name) && !forbidden.test(name);
  return isName ? name : undefined;
}
