import { basename } from 'node:path';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getLocation,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  parse,
  Source,
  visit,
} from 'graphql';
import { z } from 'zod';
import { messageOf } from '../../common/errors.ts';
import { UsageError } from '../commands/command.ts';
import { displayPath } from '../config.ts';
import { placesOf } from '../locate.ts';
import { formatPlace, type SourcePlace } from '../problem.ts';
import { readTextFile } from '../read-text.ts';
import { findFiles } from './find-files.ts';
import {
  fragmentsOf,
  type KnownOperation,
  nameOfOperation,
  operationOf,
  operationsIn,
} from './known-operation.ts';

/**
 * Reads committed operations: `.graphql` documents, whose fragments may be in any of the files, and manifests of
 * persisted operations (JSON, of Apollo or Relay). Throws a UsageError for a file that cannot be read, because it would go unchecked.
 */
export async function readOperations(
  patterns: readonly string[],
): Promise<readonly KnownOperation[]> {
  const files = new Set<string>();
  for (const pattern of patterns) {
    const found = await filesOf(pattern);
    if (found.length === 0) {
      throw new UsageError(
        `No file has operations as ${displayPath(pattern)} names them.`,
        'Correct the pattern; put it in quotes so that the shell leaves it alone.',
      );
    }
    for (const file of found) files.add(file);
  }
  const read = await Promise.all(
    [...files].sort().map(async (path) => {
      const file = displayPath(path);
      return {
        isManifest: path.endsWith('.json'),
        source: new Source(await textOf(path, file), file),
      };
    }),
  );
  const documents = read.filter(({ isManifest }) => !isManifest);
  const manifests = read.filter(({ isManifest }) => isManifest);
  return [
    ...operationsOfDocuments(documents.map(({ source }) => parseOrRefuse(source))),
    ...manifests.flatMap(({ source }) => operationsOfManifest(source)),
  ];
}

async function filesOf(pattern: string): Promise<readonly string[]> {
  try {
    return await findFiles(pattern);
  } catch (error) {
    throw new UsageError(
      `The files of ${displayPath(pattern)} cannot be read: ${messageOf(error)}`,
    );
  }
}

async function textOf(path: string, file: string): Promise<string> {
  try {
    return await readTextFile(path);
  } catch (error) {
    throw new UsageError(`Cannot read the operations in ${file}: ${messageOf(error)}`);
  }
}

function parseOrRefuse(source: Source): DocumentNode {
  try {
    return parse(source);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const place = { file: source.name, ...error.locations?.[0] };
    throw new UsageError(`${formatPlace(place)}: the operation cannot be read: ${error.message}`);
  }
}

/** Each operation with the fragments it needs, preferring those of its own file. Type definitions are ignored. */
function operationsOfDocuments(documents: readonly DocumentNode[]): readonly KnownOperation[] {
  const everywhere = new Map(documents.flatMap((document) => [...fragmentsOf(document)]));
  return documents.flatMap((document) => {
    const here = fragmentsOf(document);
    return operationsIn(document).map((operation) => {
      const fragments = neededFragments(
        operation,
        (name) => here.get(name) ?? everywhere.get(name),
      );
      const whole: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] };
      const [place] = placesOf([operation]);
      return {
        // In a report, a file says more than a hash.
        name:
          operation.name?.value ??
          (place ? basename(place.file) : nameOfOperation(operation, whole)),
        document: whole,
        ...(place && { place }),
        clients: [],
      };
    });
  });
}

function neededFragments(
  operation: OperationDefinitionNode,
  find: (name: string) => FragmentDefinitionNode | undefined,
): readonly FragmentDefinitionNode[] {
  const needed = new Map<string, FragmentDefinitionNode>();
  const waiting: (OperationDefinitionNode | FragmentDefinitionNode)[] = [operation];
  // The loop also visits fragments added below.
  for (const definition of waiting) {
    visit(definition, {
      FragmentSpread: ({ name: { value: name } }) => {
        const fragment = needed.has(name) ? undefined : find(name);
        if (!fragment) return;
        needed.set(name, fragment);
        waiting.push(fragment);
      },
    });
  }
  return [...needed.values()];
}

const apolloManifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  operations: z.array(z.object({ id: z.string(), name: z.string(), body: z.string() })),
});

const relayManifest = z.record(z.string(), z.string());

function operationsOfManifest(source: Source): readonly KnownOperation[] {
  const { body: text, name: file } = source;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file}: the manifest is not JSON: ${messageOf(error)}`);
  }
  const apollo = apolloManifest.safeParse(json);
  if (apollo.success) {
    return apollo.data.operations.map(({ id, name, body }) =>
      operationOfManifest(body, name, placeOfText(source, id)),
    );
  }
  const relay = relayManifest.safeParse(json);
  if (relay.success) {
    return Object.entries(relay.data).map(([id, body]) =>
      operationOfManifest(body, undefined, placeOfText(source, id)),
    );
  }
  throw new UsageError(
    `${file}: this is no manifest of persisted operations.`,
    'Apollo\'s has "format": "apollo-persisted-query-manifest" and "operations"; Relay\'s has the text of each operation under its id.',
  );
}

function operationOfManifest(
  body: string,
  name: string | undefined,
  place: SourcePlace,
): KnownOperation {
  try {
    const document = parse(body, { noLocation: true });
    const said = name ?? nameOfOperation(operationOf(document), document);
    return { name: said, document, place, clients: [] };
  } catch (error) {
    throw new UsageError(
      `${formatPlace(place)}: the operation cannot be read: ${messageOf(error)}`,
    );
  }
}

/** The place of a text's first occurrence in a JSON file. */
function placeOfText(source: Source, text: string): SourcePlace {
  const at = source.body.indexOf(JSON.stringify(text));
  return { file: source.name, ...getLocation(source, Math.max(at, 0)) };
}
