/** PostgreSQL takes less than 8,000 bytes of a notification. */
const noticeMaxBytes = 7_500;

/** A longer value says nothing that somebody could look up by. */
const valueMaxBytes = 512;

/**
 * An event without its data, as JSON: its attributes (CloudEvents 1.0 §3), as far as there is room for them in a notification. Undefined for
 * a text that is no event.
 */
export function noticeOf(text: string): string | undefined {
  const event = parsed(text);
  if (event === undefined) return undefined;
  const notice: Record<string, unknown> = {};
  let bytes = 2;
  for (const [name, value] of Object.entries(event)) {
    if (name === 'data' || name === 'data_base64' || !isAttribute(value)) continue;
    const size = Buffer.byteLength(JSON.stringify([name, value]));
    if (size > valueMaxBytes || bytes + size > noticeMaxBytes) continue;
    bytes += size;
    notice[name] = value;
  }
  return JSON.stringify(notice);
}

function parsed(text: string): object | undefined {
  try {
    const event: unknown = JSON.parse(text);
    return typeof event === 'object' && event !== null ? event : undefined;
  } catch {
    return undefined;
  }
}

function isAttribute(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
