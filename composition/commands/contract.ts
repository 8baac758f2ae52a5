import { nearest } from '../../common/nearest.ts';
import { type Artifact, writeArtifacts } from '../artifacts.ts';
import { type ContractEntry, displayPath, readConfig } from '../config.ts';
import { type Contract, contractOf } from '../contract/contract.ts';
import { checkArtifacts } from './check-artifacts.ts';
import { type Command, type Given, type Surroundings, UsageError } from './command.ts';
import { composedFor, composingOptions, listedIn } from './composed.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { showProblems } from './show-problems.ts';

/** `contract`: variants of the supergraph that hide what is not for everybody. */
export const contractCommand: Command = {
  name: 'contract',
  summary: 'Writes variants of the supergraph that show only what @tag says.',
  arguments: '[NAME]',
  argumentsMax: 1,
  options: {
    include: {
      value: 'TAG',
      help: 'show only fields with one of these tags, on themselves or their type; may be given more than once',
      isMultiple: true,
    },
    exclude: {
      value: 'TAG',
      help: 'hide what has one of these tags; may be given more than once',
      isMultiple: true,
    },
    output: {
      value: 'FILE',
      help: 'write it there; - is the standard output (default: the listed file, or else the standard output)',
    },
    api: { help: 'write what clients see (the API schema) in the place of the supergraph' },
    check: { help: 'write nothing; fail when a written file is out of date, and show how' },
    ...composingOptions,
  },
  examples: [
    '--include public --exclude internal --output public.graphql',
    '',
    'public --api --output -',
  ],
  notes: [
    'Without tags, the contracts that the list of subgraphs has are written, or the one with the NAME:',
    '  contracts:',
    '    public: { include: [public], exclude: [internal], output: ./public.graphql }',
    'One without an output is printed when it is named. `check` compares all of them.',
    '',
    'What is hidden is @inaccessible: the gateway plans as before and refuses to show it. Arguments, input fields, enum',
    'values and types that are not objects need no tag: they follow the fields that use them. Types that are left without',
    'fields, or that nothing leads to any longer, are hidden, too.',
  ].join('\n'),
  run: async (given, surroundings) => {
    const wanted = await wantedContracts(given, surroundings);
    if (!wanted) return exitCodes.notComposed;
    const composition = await composedFor(given, surroundings);
    if (!composition) return exitCodes.notComposed;
    const artifacts: Artifact[] = [];
    for (const { output, ...filter } of wanted) {
      const contract = contractOf(composition.supergraphSdl, filter, composition.subgraphs);
      if (!contract.ok) {
        showProblems(contract.problems, surroundings);
        return exitCodes.notComposed;
      }
      artifacts.push({ path: output, text: textOf(contract, given) });
    }
    return given.has('check')
      ? checkArtifacts(artifacts, 'contract', surroundings)
      : write(artifacts, surroundings);
  },
};

function textOf(contract: Extract<Contract, { ok: true }>, given: Given): string {
  return given.has('api') ? contract.apiSdl : contract.supergraphSdl;
}

async function write(artifacts: readonly Artifact[], { out }: Surroundings): Promise<ExitCode> {
  const printed = artifacts.filter(({ path }) => path === '-');
  for (const { text } of printed) out(text.trimEnd());
  const written = await writeArtifacts(artifacts.filter(({ path }) => path !== '-'));
  if (written.length > 0) out(`Wrote ${written.map(displayPath).join(', ')}.`);
  else if (printed.length === 0) out('Nothing changed.');
  return exitCodes.fine;
}

type Wanted = Omit<ContractEntry, 'name' | 'output'> & { readonly output: string };

/** The contracts of this call; `undefined` after it was said why the list of subgraphs cannot be read. */
async function wantedContracts(
  given: Given,
  surroundings: Surroundings,
): Promise<readonly Wanted[] | undefined> {
  const [include, exclude] = [given.texts('include'), given.texts('exclude')];
  const [name] = given.positionals;
  const output = given.text('output');
  if (output === '-' && given.has('check')) {
    throw new UsageError('--check compares a file; --output - writes none.', 'Name the file.');
  }
  if (include.length + exclude.length > 0) {
    if (name === undefined && (output !== undefined || !given.has('check'))) {
      return [{ include, exclude, output: output ?? '-' }];
    }
    throw name === undefined
      ? new UsageError('--check compares a file.', 'Name it: --output FILE.')
      : new UsageError(
          `The contract "${name}" has its tags in the list of subgraphs.`,
          'Give a NAME, or --include and --exclude.',
        );
  }
  const configured = await readConfig(listedIn(given));
  if (!configured.ok) {
    showProblems(configured.problems, surroundings);
    return undefined;
  }
  const { contracts } = configured.config;
  const chosen = name === undefined ? contracts : [contractCalled(name, contracts)];
  if (chosen.length === 0) {
    throw new UsageError(
      'Which contract? The list of subgraphs has none.',
      'Give --include TAG or --exclude TAG, or list `contracts`.',
    );
  }
  if (output !== undefined && chosen.length > 1) {
    throw new UsageError(
      `--output is one file; there are ${chosen.length} contracts.`,
      `Name one of them: ${chosen.map((each) => each.name).join(', ')}.`,
    );
  }
  const wanted = chosen.flatMap((entry) => {
    const path = output ?? entry.output ?? (name === undefined ? undefined : '-');
    return path === undefined ? [] : [{ ...entry, output: path }];
  });
  if (wanted.length === 0) {
    throw new UsageError(
      `No contract of the list has an output: ${chosen.map((each) => each.name).join(', ')}.`,
      'Name one to print it, or give it an `output`.',
    );
  }
  if (given.has('check') && wanted.some(({ output: path }) => path === '-')) {
    throw new UsageError(
      `--check compares a file; the contract "${name}" has none.`,
      'Give it an `output`, or name the file: --output FILE.',
    );
  }
  return wanted;
}

function contractCalled(name: string, contracts: readonly ContractEntry[]): ContractEntry {
  const found = contracts.find((contract) => contract.name === name);
  if (found) return found;
  const meant = nearest(
    name,
    contracts.map((contract) => contract.name),
  );
  throw new UsageError(
    `The list of subgraphs has no contract "${name}"${meant === undefined ? '.' : `; did you mean ${meant}?`}`,
  );
}
