/** Control characters except the newline, bidirectional controls, and invalid characters. */
const unsafe =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff\p{Surrogate}]/gu;

/**
 * Makes a text safe for a terminal: escape sequences and other control characters become visible symbols, one
 * for one, so that columns do not move. Newlines are kept; a tab becomes a space.
 */
export function printable(text: string): string {
  return text.replaceAll(unsafe, (character) => {
    const code = character.charCodeAt(0);
    if (character === '\t') return ' ';
    // Unicode's "Control Pictures" are in the order of the characters they show.
    if (code < 0x20) return String.fromCharCode(0x24_00 + code);
    return code === 0x7f ? '\u2421' : '\ufffd';
  });
}

/** The same on one line: a newline becomes a space. */
export function printableLine(text: string): string {
  return printable(text.replaceAll(/\r\n|[\n\r]/g, ' '));
}
