import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/**
 * What resolvers of one subgraph work on. A type is written `file#Name`, `file#Name<Type>`, where `Type` is a
 * GraphQL type of the same table, or as TypeScript. Files are relative to the subgraph's `resolvers/` folder.
 */
export interface Mapping {
  /** The type of the third argument of each resolver. */
  readonly context: string;
  /** For a GraphQL type, the type of the value from which its fields are resolved. */
  readonly sources: Readonly<Record<string, string>>;
}

const schema = z.record(
  z.string(),
  z.strictObject({ context: z.string(), sources: z.record(z.string(), z.string()) }),
);

/** The mapping of each subgraph, by its name: what `mappings.json` says. */
export async function readMappings(): Promise<ReadonlyMap<string, Mapping>> {
  const json = await readFile(new URL('./mappings.json', import.meta.url), 'utf8');
  return new Map(Object.entries(schema.parse(JSON.parse(json))));
}

/** A mapping as code: imports, and the expressions that name what was imported. */
export interface MappingCode {
  readonly imports: readonly string[];
  readonly context: string;
  readonly sources: Readonly<Record<string, string>>;
}

/** Turns a mapping into code. An imported `X` is called `XSource`, because `X` is the GraphQL type of that name. */
export function toCode({ context, sources }: Mapping): MappingCode {
  const imports = new Set<string>();
  const localName = new Map(
    Object.entries(sources).flatMap(([type, source]) => {
      const reference = parseReference(source);
      return reference ? [[type, `${reference.name}Source`] as const] : [];
    }),
  );
  const expressionOf = (source: string): string => {
    const reference = parseReference(source);
    if (!reference) return source;
    const { file, name, argument } = reference;
    if (argument === undefined) {
      imports.add(`import type { ${name} as ${name}Source } from '${file}';`);
      return `${name}Source`;
    }
    imports.add(`import type { ${name} } from '${file}';`);
    return `${name}<${localName.get(argument) ?? argument}>`;
  };
  const contextReference = parseReference(context);
  if (contextReference) {
    imports.add(`import type { ${contextReference.name} } from '${contextReference.file}';`);
  }
  const expressions = Object.fromEntries(
    Object.entries(sources).map(([type, source]) => [type, expressionOf(source)]),
  );
  return {
    imports: [...imports].sort(),
    context: contextReference?.name ?? context,
    sources: expressions,
  };
}

interface Reference {
  readonly file: string;
  readonly name: string;
  readonly argument: string | undefined;
}

function parseReference(text: string): Reference | undefined {
  const match = /^(?<file>[^#{]+)#(?<name>\w+)(?:<(?<argument>\w+)>)?$/.exec(text)?.groups;
  if (match?.file === undefined || match.name === undefined) return undefined;
  return { file: match.file, name: match.name, argument: match.argument };
}
