/** A text of at most `max` characters, which says with `…` that there was more. */
export function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}

/** The beginning of a value as JSON, of at most `max` characters. Reads no more of the value than it writes. */
export function shortJson(value: unknown, max: number): string {
  return cut(write(value, max + 1), max);
}

/** Writes JSON until there are `room` characters; the last part may be longer. */
function write(value: unknown, room: number): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return JSON.stringify(value.slice(0, room));
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null) return 'null';
  if (typeof value !== 'object') return `a ${typeof value}`;
  const isList = Array.isArray(value);
  let text = isList ? '[' : '{';
  for (const key in value) {
    if (text.length > room) return text;
    if (text.length > 1) text += ',';
    if (!isList) text += `${JSON.stringify(key)}:`;
    text += write((value as Readonly<Record<string, unknown>>)[key], room - text.length);
  }
  return text + (isList ? ']' : '}');
}
