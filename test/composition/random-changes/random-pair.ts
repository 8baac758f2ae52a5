import { buildSchema, type GraphQLSchema, validateSchema } from 'graphql';
import type { Random } from '../../support/oracles/random.ts';
import { editRandomly } from './random-edit.ts';
import { randomSchema } from './random-schema.ts';
import { printModel, type SchemaModel } from './schema-model.ts';

/** A valid schema, and what became of it by an edit or two. */
export interface SchemaPair {
  readonly base: GraphQLSchema;
  readonly head: GraphQLSchema;
  readonly baseSdl: string;
  readonly headSdl: string;
}

/** A pair of different valid schemas; `undefined` when none is found. */
export function randomPair(random: Random): SchemaPair | undefined {
  const model = randomSchema(random);
  const base = schemaOf(model);
  if (!base) return undefined;
  const baseSdl = printModel(model);
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const next = structuredClone(model);
    const edits = random.chance(0.7) ? 1 : 2;
    for (let edit = 0; edit < edits; edit += 1) editRandomly(next, random);
    const headSdl = printModel(next);
    const head = headSdl === baseSdl ? undefined : schemaOf(next);
    if (head) return { base, head, baseSdl, headSdl };
  }
  return undefined;
}

function schemaOf(model: SchemaModel): GraphQLSchema | undefined {
  try {
    const schema = buildSchema(printModel(model));
    return validateSchema(schema).length === 0 ? schema : undefined;
  } catch {
    return undefined;
  }
}
