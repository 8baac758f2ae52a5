import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { compositionCodes } from '../../composition/code-catalogue.ts';
import { commands } from '../../composition/commands.ts';
import { runSupergraph } from './run-supergraph.ts';

describe('npm run supergraph', () => {
  it('lists its commands, and says that one is missing by its exit code', async () => {
    expect(await runSupergraph('--help')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^ {2}compose {2,}\S/m),
    });
    expect(await runSupergraph()).toMatchObject({ code: 3 });
  });

  it('shows an example of every command', async () => {
    const { out } = await runSupergraph('--help');
    const names = [...out.matchAll(/^ {2}([a-z]+) {2,}/gm)].map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(1);
    for (const name of names) {
      const { code, out: help } = await runSupergraph(name, '--help');
      expect(code).toBe(0);
      expect(help).toContain(`:\n  supergraph ${name}`);
      expect(await runSupergraph('help', name)).toMatchObject({ code: 0, out: help });
    }
  });

  it.each([
    [['comopse'], '"comopse" is not a command; did you mean compose?'],
    [['compose', '--confg', 'x'], '"compose" has no option --confg; did you mean --config?'],
    [['compose', 'x'], '"compose" takes no arguments; got x.'],
    [['compose', '--config'], "Option '--config <value>' argument missing"],
    [['explain', 'EXTERNAL_UNUSD'], 'did you mean EXTERNAL_UNUSED?'],
  ])('says of %j: %s', async (args, message) => {
    const { code, err } = await runSupergraph(...args);
    expect(code).toBe(3);
    expect(err).toContain(message);
  });

  it('is described by its README, command by command', async () => {
    const text = await readFile('composition/README.md', 'utf8');
    const described = [...text.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name = '']) => name);
    expect(described).toEqual(expect.arrayContaining(commands.map(({ name }) => name)));
  });

  it('explains every code that composition has, and all that are in its source', async () => {
    const known = new Set(compositionCodes().map(({ code }) => code));
    expect(known.size).toBeGreaterThan(100);
    for (const file of await readdir('composition', { recursive: true })) {
      if (!file.endsWith('.ts')) continue;
      const source = await readFile(join('composition', file), 'utf8');
      const codes = [...source.matchAll(/code: '([A-Z_]+)'/g)].map(([, code = '']) => code);
      expect(codes.filter((code) => !known.has(code))).toEqual([]);
    }
    for (const { code, meaning, fix } of compositionCodes()) {
      expect([code, meaning !== '', fix !== '']).toEqual([code, true, true]);
    }
  });

  it('explains a code however its letters are written', async () => {
    const { code, out } = await runSupergraph('explain', 'key_missing');
    expect(code).toBe(0);
    expect(out).toMatch(/^KEY_MISSING \(error of composition\)\n {2}.+\n {2}fix: Add the @key/);
  });
});
