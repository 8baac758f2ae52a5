import { nearest } from '../../common/nearest.ts';
import { type CodeEntry, compositionCodes } from '../code-catalogue.ts';
import { type Command, UsageError } from './command.ts';
import { exitCodes } from './exit-code.ts';

/** `explain`: what a code means and what to do. */
export const explainCommand: Command = {
  name: 'explain',
  summary: 'Says what a code means and what to do about it; without one, lists all codes.',
  arguments: '[CODE]',
  argumentsMax: 1,
  options: {},
  examples: ['SATISFIABILITY_ERROR', ''],
  run: ({ positionals: [asked] }, { out }) => {
    const codes = compositionCodes();
    if (asked === undefined) {
      for (const { code, kind } of codes) out(`${code}  ${kind}`);
      return Promise.resolve(exitCodes.fine);
    }
    const wanted = asked.toUpperCase();
    const found = codes.filter(({ code }) => code === wanted);
    if (found.length === 0) {
      const meant = nearest(
        wanted,
        codes.map(({ code }) => code),
      );
      throw new UsageError(
        `"${asked}" is not a code${meant === undefined ? '.' : `; did you mean ${meant}?`}`,
        '`supergraph explain` lists them all.',
      );
    }
    out(found.map(explanationOf).join('\n\n'));
    return Promise.resolve(exitCodes.fine);
  },
};

function explanationOf({ code, kind, meaning, fix }: CodeEntry): string {
  return [`${code} (${kind})`, `  ${meaning}`, `  fix: ${fix}`].join('\n');
}
