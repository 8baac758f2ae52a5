import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  parse,
  Source,
  visit,
} from 'graphql';
import { z } from 'zod';
import { messageOf } from '../../common/errors.ts';
import { placeIn } from '../locate.ts';
import type { CompositionProblem } from '../problem.ts';
import { readTextFile } from '../read-text.ts';
import { findFiles } from './find-files.ts';

/** An operation that a client has committed, with the fragments that it spreads. */
export interface CommittedOperation {
  /** Its name, or the file where it has none. */
  readonly name: string;
  readonly document: DocumentNode;
}

/** The operations, or why they cannot be read. */
export interface ReadOperations {
  readonly operations: readonly CommittedOperation[];
  readonly problems: readonly CompositionProblem[];
  readonly files: number;
}

/**
 * Reads the operations that patterns name: documents of GraphQL, whose fragments may be in any of them, and manifests of
 * persisted documents (`.json`). Nothing that cannot be read is passed over.
 */
export async function readOperations(patterns: readonly string[]): Promise<ReadOperations> {
  const problems: CompositionProblem[] = [];
  const documents: DocumentNode[] = [];
  const paths = new Set<string>();
  for (const pattern of patterns) {
    const found = await filesOf(pattern);
    if ('problem' in found) problems.push(found.problem);
    else for (const path of found.paths) paths.add(path);
  }
  for (const path of paths) {
    const read = await readFile(path);
    if ('problem' in read) problems.push(read.problem);
    else for (const document of read.documents) documents.push(document);
  }
  return { operations: operationsOf(documents), problems, files: paths.size };
}

async function filesOf(
  pattern: string,
): Promise<{ readonly paths: readonly string[] } | { readonly problem: CompositionProblem }> {
  let why = 'no file matches it';
  try {
    const paths = await findFiles(pattern);
    if (paths.length > 0) return { paths };
  } catch (error) {
    why = messageOf(error);
  }
  return {
    problem: {
      code: 'OPERATIONS_UNREADABLE',
      message: `No operations at ${pattern}: ${why}`,
      places: [],
      fix: "Correct the pattern; put it in quotes, such as 'src/**/*.graphql'.",
    },
  };
}

async function readFile(
  path: string,
): Promise<
  { readonly documents: readonly DocumentNode[] } | { readonly problem: CompositionProblem }
> {
  try {
    const text = await readTextFile(path);
    const sources = path.endsWith('.json')
      ? sourcesOfManifest(text, path)
      : [new Source(text, path)];
    return { documents: sources.map((source) => parse(source)) };
  } catch (error) {
    const { source, locations } = error instanceof GraphQLError ? error : {};
    return {
      problem: {
        code: 'OPERATIONS_UNREADABLE',
        message: `Cannot read the operations of ${path}: ${messageOf(error)}`,
        places:
          source && locations
            ? locations.map((location) => placeIn(source, location))
            : [{ file: path }],
        fix: 'Give files of GraphQL, or a manifest of persisted documents.',
      },
    };
  }
}

/** The format of Apollo's tools; and of others, an object of texts by their hash. */
const manifest = z.union([
  z.object({ operations: z.array(z.object({ name: z.string(), body: z.string() })) }),
  z.record(z.string(), z.string()),
]);

function sourcesOfManifest(text: string, path: string): readonly Source[] {
  const read = manifest.safeParse(JSON.parse(text));
  if (!read.success) throw new Error('it is JSON, but not a manifest of persisted documents');
  const bodies = Array.isArray(read.data.operations)
    ? read.data.operations.map(({ name, body }) => [name, body] as const)
    : Object.entries(read.data as Readonly<Record<string, string>>);
  return bodies.map(([name, body]) => new Source(body, `${path}#${name}`));
}

/** The operations of documents; a fragment is looked for in the operation's own document first. */
function operationsOf(documents: readonly DocumentNode[]): readonly CommittedOperation[] {
  const everywhere = new Map(documents.flatMap(fragmentsOf));
  return documents.flatMap((document) => {
    const own = new Map(fragmentsOf(document));
    return document.definitions
      .filter((each): each is OperationDefinitionNode => each.kind === Kind.OPERATION_DEFINITION)
      .map((operation) => ({
        name: operation.name?.value ?? operation.loc?.source.name ?? 'unnamed',
        document: {
          kind: Kind.DOCUMENT,
          definitions: [
            operation,
            ...fragmentsSpreadIn(operation, (name) => own.get(name) ?? everywhere.get(name)),
          ],
        } satisfies DocumentNode,
      }));
  });
}

function fragmentsOf({ definitions }: DocumentNode): [string, FragmentDefinitionNode][] {
  return definitions
    .filter((each): each is FragmentDefinitionNode => each.kind === Kind.FRAGMENT_DEFINITION)
    .map((fragment) => [fragment.name.value, fragment]);
}

function fragmentsSpreadIn(
  operation: OperationDefinitionNode,
  fragmentOf: (name: string) => FragmentDefinitionNode | undefined,
): readonly FragmentDefinitionNode[] {
  const spread = new Map<string, FragmentDefinitionNode>();
  const waiting: (OperationDefinitionNode | FragmentDefinitionNode)[] = [operation];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    visit(node, {
      FragmentSpread: ({ name: { value: name } }) => {
        const fragment = fragmentOf(name);
        if (!fragment || spread.has(name)) return;
        spread.set(name, fragment);
        waiting.push(fragment);
      },
    });
  }
  return [...spread.values()];
}
