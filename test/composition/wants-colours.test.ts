import { describe, expect, it } from '@jest/globals';
import { wantsColours } from '../../composition/wants-colours.ts';

describe('colours in what the command prints', () => {
  const terminal = { isTTY: true };
  it.each([
    ['a terminal', terminal, {}, true],
    // Node.js leaves `isTTY` out where there is none.
    ['a pipe', {}, {}, false],
    ['a pipe in CI', {}, { CI: 'true', GITHUB_ACTIONS: 'true' }, false],
    ['a pipe that is to be coloured', {}, { FORCE_COLOR: '1' }, true],
    ['a terminal that is to be plain', terminal, { NO_COLOR: '1' }, false],
    ['a terminal that is forced to be plain', terminal, { FORCE_COLOR: '0' }, false],
    [
      'a terminal, with variables that are empty',
      terminal,
      { NO_COLOR: '', FORCE_COLOR: '' },
      true,
    ],
    ['both wishes', terminal, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ])('%s', (_name, stream, environment, expected) => {
    expect(wantsColours(stream, environment)).toBe(expected);
  });
});
