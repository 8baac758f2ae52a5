/** How deep lists and objects of an answer may nest: far deeper than an operation selects, for a scalar may hold JSON. */
export const nestingMax = 500;

/**
 * True for JSON that nests deeper than `nestingMax`, before it is parsed: a parser takes seconds for some megabytes of brackets,
 * and whatever walks through the value would end its stack. Of text that is no JSON it says anything.
 */
export function nestsTooDeep(json: string): boolean {
  // Each level has two characters at least.
  if (json.length <= 2 * nestingMax) return false;
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    const char = json.charCodeAt(at);
    if (char === quote) at = endOfString(json, at);
    // Brackets and braces are told apart by one bit.
    else if ((char | 0x20) === openBrace) {
      depth += 1;
      if (depth > nestingMax) return true;
    } else if ((char | 0x20) === closeBrace) depth -= 1;
  }
  return false;
}

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** The place of the quote that ends the string that begins here, or a place behind the text. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  for (; at < json.length; at += 1) {
    const char = json.charCodeAt(at);
    if (char === quote) return at;
    if (char === backslash) at += 1;
  }
  return at;
}
