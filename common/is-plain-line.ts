/** Control characters, lone surrogates, line ends, and marks that change the direction of the text after them. */
const forbidden = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u;

/** Whether a text is one line that can be read, with a letter or a digit, and does not disturb the text around it. */
export function isPlainLine(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text) && !forbidden.test(text);
}
