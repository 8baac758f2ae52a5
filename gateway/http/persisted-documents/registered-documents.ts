import { SegmentedLruCache } from '../../../common/segmented-lru-cache.ts';
import { sha256 } from './manifest.ts';

/** The documents that clients have registered by their hash, limited by memory; see SegmentedLruCache. */
export class RegisteredDocuments {
  private readonly texts: SegmentedLruCache<string>;

  constructor(bytesMax: number) {
    this.texts = new SegmentedLruCache(bytesMax);
  }

  /** Stores a text under its hash. */
  add(text: string): void {
    const hash = sha256(text);
    // A character takes two bytes if any of them is not Latin-1.
    if (this.texts.peek(hash) === undefined) this.texts.set(hash, text, text.length * 2);
  }

  /** The text with a hash. */
  textOf(hash: string): string | undefined {
    return this.texts.get(hash);
  }
}
