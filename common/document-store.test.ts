import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { documentBytes } from './compact-document.ts';
import { createDocumentStore } from './document-store.ts';

describe('common/document-store', () => {
  it('keeps documents that are used once within its limit, and those in use longer', async () => {
    const bytesMax = 64 * 1024;
    const store = createDocumentStore(bytesMax);
    await store.set('in use', parse('{ used }'));
    await store.get('in use');
    const texts = Array.from({ length: 500 }, (_, n) => `query N${n} { a${n}: field b c d e f }`);
    for (const text of texts) await store.set(text, parse(text));
    let bytes = 0;
    for (const text of texts) {
      const document = await store.get(text);
      if (document) bytes += documentBytes(document);
    }
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(bytesMax);
    expect(await store.get('in use')).toMatchObject({ kind: 'Document' });
  });

  it('keeps no tokens of a parsed document', async () => {
    const store = createDocumentStore();
    await store.set('key', parse('{ field }'));
    expect(await store.get('key')).not.toHaveProperty('loc');
  });
});
