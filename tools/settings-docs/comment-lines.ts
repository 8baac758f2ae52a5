const columns = 118;

/** A text as lines of a comment, none longer than what a screen shows. */
export function commentLines(text: string, indent = ''): string {
  const lines: string[] = [];
  let line = `${indent}#`;
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > columns) {
      lines.push(line);
      line = `${indent}#`;
    }
    line += ` ${word}`;
  }
  return [...lines, line].join('\n');
}
