import { SegmentedLruCache } from '../../../common/segmented-lru-cache.ts';
import { sha256 } from './manifest.ts';

/** The documents that clients have registered by their hash, up to a number of bytes; see SegmentedLruCache. */
export class RegisteredDocuments {
  private readonly texts: SegmentedLruCache<string>;

  constructor(bytesMax: number) {
    this.texts = new SegmentedLruCache(bytesMax);
  }

  /** Keeps a text under its hash. */
  add(text: string): void {
    const hash = sha256(text);
    // A character takes two bytes when one of them is no Latin-1.
    if (this.texts.peek(hash) === undefined) this.texts.set(hash, text, text.length * 2);
  }

  /** The text of a hash. */
  textOf(hash: string): string | undefined {
    return this.texts.get(hash);
  }
}
