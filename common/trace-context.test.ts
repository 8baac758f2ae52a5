import { describe, expect, it } from '@jest/globals';
import { traceparentFrom } from './trace-context.ts';

const sound = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('common/trace-context', () => {
  it('passes on a place in a trace as it came', () => {
    expect(traceparentFrom(sound)).toBe(sound);
  });

  it.each([
    undefined,
    '',
    ['00', sound],
    sound.toUpperCase(),
    sound.replace('00-', 'ff-'),
    sound.replace('4bf92f3577b34da6a3ce929d0e0e4736', '0'.repeat(32)),
    sound.replace('00f067aa0ba902b7', '0'.repeat(16)),
    `${sound}-and more`,
  ])('begins a trace where there is none: %j', (header) => {
    const begun = traceparentFrom(header);
    expect(begun).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(traceparentFrom(begun)).toBe(begun);
    expect(traceparentFrom(header)).not.toBe(begun);
  });
});
