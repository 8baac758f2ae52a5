import { Source } from 'graphql';
import { z } from 'zod';
import { planOperation } from '../plan/plan-operation.ts';
import { planFormats, printPlan } from '../plan/print-plan.ts';
import { formatProblem } from '../problem.ts';
import { choiceOf } from './choice.ts';
import { type Command, type Given, type Surroundings, UsageError } from './command.ts';
import { composedFor, composingOptions } from './composed.ts';
import { exitCodes } from './exit-code.ts';
import { inputText } from './input-text.ts';

/** `plan`: which subgraphs the gateway asks for an operation, and in which order. */
export const planCommand: Command = {
  name: 'plan',
  summary: "Prints the gateway's query plan for an operation.",
  arguments: 'FILE',
  argumentsMax: 1,
  options: {
    operation: { value: 'NAME', help: 'which operation of the file, where it has several' },
    format: {
      value: 'text|json|mermaid',
      help: "the notation of Apollo's tools, its JSON, or a chart (default: text)",
    },
    variables: { value: 'JSON', help: 'values for the variables in @skip and @include' },
    label: {
      value: 'LABEL',
      help: 'an active label of progressive @override; may be given more than once',
      isMultiple: true,
    },
    supergraph: { value: 'FILE', help: 'a composed supergraph, in the place of the subgraphs' },
    ...composingOptions,
  },
  examples: ['order.graphql', '- --format mermaid < order.graphql'],
  notes: '- is the standard input.',
  run: async (given, surroundings) => {
    const [path] = given.positionals;
    if (path === undefined) {
      throw new UsageError('Which operation?', 'Name a file, or - for the standard input.');
    }
    const format = choiceOf(given, 'format', planFormats);
    const variables = variablesOf(given);
    const source = new Source(
      await inputText(path, surroundings),
      path === '-' ? 'standard input' : path,
    );
    const supergraphSdl = await supergraphFor(given, surroundings);
    if (supergraphSdl === undefined) return exitCodes.notComposed;
    const operationName = given.text('operation');
    const labels = given.texts('label');
    const planned = planOperation({ supergraphSdl, source, operationName, variables, labels });
    if (!planned.ok) {
      surroundings.err(planned.problems.map(formatProblem).join('\n\n'));
      return exitCodes.findings;
    }
    surroundings.out(printPlan(planned.plan, format));
    return exitCodes.fine;
  },
};

async function supergraphFor(
  given: Given,
  surroundings: Surroundings,
): Promise<string | undefined> {
  const file = given.text('supergraph');
  if (file !== undefined) return inputText(file, surroundings);
  return (await composedFor(given, surroundings))?.supergraphSdl;
}

const variablesSchema = z.record(z.string(), z.unknown());

function variablesOf(given: Given): Readonly<Record<string, unknown>> {
  const text = given.text('variables');
  if (text === undefined) return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const read = variablesSchema.safeParse(value);
  if (read.success) return read.data;
  throw new UsageError(
    `--variables is not a JSON object: ${text}`,
    `Give one: --variables '{"withPrice": true}'.`,
  );
}
