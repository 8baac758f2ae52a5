import { describe, expect, it } from '@jest/globals';
import { faultOf, stamp } from './stamp.ts';

const inputs = ['type Query { a: Int }', { context: 'X' }];
const text = stamp('export type A = 1;\n', inputs);

describe('tools/codegen/stamp', () => {
  it('holds for what it was put on', () => {
    expect(faultOf(text, inputs)).toBeUndefined();
  });

  it('holds after a checkout with carriage returns', () => {
    const [sdl, ...others] = ['type Query {\n  a: Int\n}', 'x'];
    const stamped = stamp('a\nb\n', [sdl, ...others]);
    const crlf = (unix: string): string => unix.replaceAll('\n', '\r\n');
    expect(faultOf(crlf(stamped), [crlf(sdl), ...others])).toBeUndefined();
  });

  it('breaks when an input changed', () => {
    expect(faultOf(text, ['type Query { a: String }', { context: 'X' }])).toBe(
      'was made from other inputs',
    );
  });

  it('breaks when the body was edited', () => {
    expect(faultOf(text.replace('= 1', '= 2'), inputs)).toBe('was edited by hand');
  });

  it('is missed', () => {
    expect(faultOf('export type A = 1;\n', inputs)).toBe('has no stamp');
  });
});
