import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { textDiff } from './text-diff.ts';

const lines = fc
  .array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 })
  .map((each) => each.map((line) => `${line}\n`).join(''));

describe('composition/text-diff', () => {
  it('shows what changed with three lines around it', () => {
    const before = Array.from({ length: 12 }, (_, at) => `${at}\n`).join('');
    expect(textDiff(before, before.replace('6\n', 'six\nsix\n'), 'file')).toBe(
      [
        '--- file',
        '+++ file (composed)',
        '@@ -4,7 +4,8 @@',
        ...[' 3', ' 4', ' 5', '-6', '+six', '+six', ' 7', ' 8', ' 9'],
      ].join('\n'),
    );
  });

  it('is empty for the same text', () => {
    fc.assert(
      fc.property(lines, (text) => {
        expect(textDiff(text, text, 'file')).toBe('');
      }),
    );
  });

  it('leads from one text to the other', () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        expect(patched(before, textDiff(before, after, 'file'))).toBe(after);
      }),
    );
  });

  it('tells of a text that is all another by the number of its lines', () => {
    const long = (line: string): string => `${line}\n`.repeat(3_000);
    expect(textDiff(long('a'), long('b'), 'file')).toContain('3000 → 3000');
  });
});

/** What `patch` makes of a text and a difference. */
function patched(before: string, diff: string): string {
  const old = before.split('\n').slice(0, -1);
  const made: string[] = [];
  let at = 0;
  for (const line of diff.split('\n').slice(2)) {
    const start = /^@@ -(\d+)/.exec(line)?.[1];
    if (start !== undefined) {
      while (at < Number(start) - 1) made.push(old[at++] ?? '');
      continue;
    }
    if (line.startsWith('+')) made.push(line.slice(1));
    else {
      expect(old[at]).toBe(line.slice(1));
      if (line.startsWith(' ')) made.push(line.slice(1));
      at += 1;
    }
  }
  return [...made, ...old.slice(at)].map((line) => `${line}\n`).join('');
}
