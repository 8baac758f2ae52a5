import { buildSchema } from 'graphql';
import {
  type Coverage,
  coverageOf,
  invalidOperations,
  type SchemaCoverage,
} from '../operations/coverage.ts';
import { readOperations } from '../operations/read-operations.ts';
import { formatProblem } from '../problem.ts';
import { choiceOf } from './choice.ts';
import { type Command, UsageError } from './command.ts';
import { composedFor, composingOptions } from './composed.ts';
import { exitCodes } from './exit-code.ts';

/** `coverage`: what of the schema no committed operation uses. */
export const coverageCommand: Command = {
  name: 'coverage',
  summary: 'Lists the fields, arguments and enum values that no committed operation uses.',
  arguments: '[FILE…]',
  argumentsMax: Number.POSITIVE_INFINITY,
  options: {
    operations: {
      value: 'GLOB',
      help: 'files of operations, or a manifest of persisted documents; may be given more than once',
      isMultiple: true,
    },
    format: { value: 'text|json', help: 'for people, or for programs (default: text)' },
    ...composingOptions,
  },
  examples: ["--operations 'web/**/*.graphql' --operations manifest.json", 'orders.graphql'],
  notes:
    'An operation uses what it may use: with a variable every field of its input type, with a field of an enum type every value.\nOperations that the schema does not accept are an error. What is not used is none.',
  run: async (given, surroundings) => {
    const format = choiceOf(given, 'format', ['text', 'json']);
    const patterns = [...given.texts('operations'), ...given.positionals];
    if (patterns.length === 0) {
      throw new UsageError(
        'There are no operations to look at.',
        "Name them: --operations 'src/**/*.graphql'.",
      );
    }
    const operations = await readOperations(patterns);
    const composition = await composedFor(given, surroundings);
    if (!composition) return exitCodes.notComposed;
    const schema = buildSchema(composition.apiSdl);
    const invalid = invalidOperations(schema, operations);
    if (invalid.length > 0) {
      surroundings.err(invalid.map(formatProblem).join('\n\n'));
      return exitCodes.findings;
    }
    const coverage = coverageOf(schema, operations);
    surroundings.out(
      format === 'json'
        ? JSON.stringify({ version: 1, operations: operations.length, ...coverage }, null, 2)
        : coverageAsText(coverage, operations.length),
    );
    return exitCodes.fine;
  },
};

const titles: Readonly<Record<keyof SchemaCoverage, string>> = {
  fields: 'Fields',
  arguments: 'Arguments',
  inputFields: 'Input fields',
  enumValues: 'Enum values',
};

function coverageAsText(coverage: SchemaCoverage, operations: number): string {
  const kinds = Object.keys(titles) as (keyof SchemaCoverage)[];
  return [
    ...kinds
      .filter((kind) => coverage[kind].unused.length > 0)
      .flatMap((kind) => [
        `${titles[kind]} that no operation uses:`,
        ...coverage[kind].unused.map((coordinate) => `  ${coordinate}`),
        '',
      ]),
    `${operations} operation${operations === 1 ? '' : 's'}.`,
    ...kinds.map((kind) => `${titles[kind]}: ${usedInWords(coverage[kind])}.`),
  ].join('\n');
}

function usedInWords({ total, unused }: Coverage): string {
  const used = total - unused.length;
  const share = total === 0 ? '' : ` (${Math.floor((used / total) * 100)} %)`;
  return `${used} of ${total} used${share}`;
}
