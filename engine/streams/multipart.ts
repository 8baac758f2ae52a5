/** The media type of a response in parts; `spec` is the parameter that names their format, such as `deferSpec=20220824`. */
export function multipartType(spec: string): string {
  return `multipart/mixed; boundary="${boundary}"; ${spec}`;
}

/**
 * Writes JSON texts as the body parts of `multipart/mixed` (RFC 2046 §5.1): each as one piece of text with the delimiter
 * behind it, because clients show a part only when they have seen the next delimiter. Takes a text only when one is asked
 * for. Ending the iteration ends that of the texts at once, even while it waits for the next one.
 */
export function inMultipart(texts: AsyncIterable<string>): AsyncIterable<string> {
  return { [Symbol.asyncIterator]: () => new BodyParts(texts[Symbol.asyncIterator]()) };
}

/** JSON text has no line breaks, so no part can contain the delimiter. */
const boundary = 'graphql';
const delimiter = `\r\n--${boundary}`;
const head = '\r\ncontent-type: application/json\r\n\r\n';

/** A JSON text as a body part, with the delimiter behind it. */
export function bodyPart(json: string): string {
  return `${head}${json}${delimiter}`;
}

/** The first body part, with the delimiter before it too. */
export function openingPart(json: string): string {
  return delimiter + bodyPart(json);
}

/** What follows the delimiter behind the last part. */
export const partsEnd = '--\r\n';

class BodyParts implements AsyncIterator<string, undefined> {
  private readonly texts: AsyncIterator<string>;
  private isOpen = false;
  private isEnded = false;

  constructor(texts: AsyncIterator<string>) {
    this.texts = texts;
  }

  async next(): Promise<IteratorResult<string, undefined>> {
    if (this.isEnded) return ended;
    const taken = await this.texts.next();
    const opening = this.isOpen ? '' : delimiter;
    this.isOpen = true;
    if (taken.done !== true) return { done: false, value: opening + bodyPart(taken.value) };
    this.isEnded = true;
    return { done: false, value: opening + partsEnd };
  }

  async return(): Promise<IteratorResult<string, undefined>> {
    this.isEnded = true;
    await this.texts.return?.();
    return ended;
  }
}

const ended = { done: true, value: undefined } as const;
