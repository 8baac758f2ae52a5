/** Truncates a text to `max` characters, with `…` at the end. */
export function truncate(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}

/** The start of a value as JSON, at most `max` characters. Reads only as much of the value as it writes. */
export function shortJson(value: unknown, max: number): string {
  return truncate(write(value, max + 1), max);
}

/** Writes JSON up to about `room` characters; the last part may exceed it. */
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
