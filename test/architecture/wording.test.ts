import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

/** Words that make a text sound translated, each with a better one. */
const patterns: readonly (readonly [pattern: RegExp, better: string])[] = [
  [
    /(?<=[a-z’;] )nobody\b(?!:| =)|\bnobody(?:['’]s)? (?=[a-z])/i,
    'say who does not: "no client", "no viewer", "anonymous", or use the passive',
  ],
  [/\bwhoever\b/i, '"the caller", "the client", "any user"'],
  [/\baskers?\b/i, '"caller", "client"'],
  [/\bdear(?:er|est|ly)?\b/i, '"costly", "expensive"'],
  [/\bfarewell\b/i, '"goodbye", "closing handshake"'],
  [/\banew\b/i, '"again"'],
  [/\bwhat (?:is|are) no\b/i, '"anything that is not", "an invalid …"'],
  [/\bthat (?:is|are) none\b/i, '"an invalid …", "an unknown …"'],
  [/\b(?:is|are|was|were|be) told of\b/i, '"is notified of", "receives", "sees"'],
  [/\bthe house\b/i, '"the project"'],
  [/\bwhat came of\b/i, '"the result of", "the outcome of"'],
  [/\blikeness(?:es)?\b/i, '"canonical form", "equivalent"'],
  [/\bthat which\b/i, '"what", or name the thing'],
  [/\bin vain\b/i, '"without success"'],
  [/\bever so many\b/i, '"many", or a number'],
  [/\bfor ever\b/i, '"forever"'],
  [/\bextensionses\b/i, 'a name that is a word'],
];

/** Generated or historic texts, applied migrations, and this list itself. */
const exempt =
  /(^|\/)(package-lock\.json|CHANGELOG\.md|[^/]+\.generated\.ts|[^/]+\.sql|wording\.test\.ts|(supergraph|api)\.graphql)$/;

/** Files with prose: in comments, messages, names of tests or documents. */
const prose = /\.(ts|js|md|graphql|proto|tmpl|ya?ml|sh)$|(^|\/)(Dockerfile|\.env\.example|run)$/;

describe('wording', () => {
  const files = trackedFiles();

  it('is checked in sources and documents', () => {
    expect(files).toEqual(expect.arrayContaining(['README.md', 'gateway/gateway.ts']));
    expect(files.length).toBeGreaterThan(500);
  });

  it.each([
    ['nothing that nobody reads', '"no client"'],
    ['Nobody reads it', '"no client"'],
    ['a value for what is no number', '"an invalid …"'],
    ['the handlers are told of it', '"receives"'],
  ])('has a better one for: %s', (text, better) => {
    expect(faultsIn('a.ts', text).join()).toContain(better);
  });

  it.each(["viewers = ['nobody', 'owner']", 'const nobody = 1', 'nobody: null', 'http://nobody@a'])(
    'leaves names alone: %s',
    (code) => {
      expect(faultsIn('a.ts', code)).toEqual([]);
    },
  );

  it('is plain English', () => {
    expect(files.flatMap((file) => faultsIn(file, readFileSync(file, 'utf8')))).toEqual([]);
  });
});

/** Each unwanted word in a text, as `file:line: "word": better ones`. */
function faultsIn(file: string, text: string): readonly string[] {
  return text.split('\n').flatMap((line, index) =>
    patterns.flatMap(([pattern, better]) => {
      const found = pattern.exec(line)?.[0].trim();
      return found === undefined
        ? []
        : [`${file}:${index + 1}: ${JSON.stringify(found)}: better ${better}`];
    }),
  );
}

function trackedFiles(): readonly string[] {
  const list = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8' });
  return list.split('\0').filter((file) => prose.test(file) && !exempt.test(file));
}
