import { composeServices, validateSatisfiability } from '@apollo/composition';
import type { GraphQLError } from 'graphql';
import { shortestWitnesses } from '../shortest-witness.ts';
import type { Composed, Composer, ComposerHint } from './composer.ts';

/** Apollo's own composition, which its router and rover use: the only one that has hints. */
export const apollo: Composer = (given, progress) => {
  const services = [...given];
  const failed = (errors: readonly GraphQLError[]): Composed => ({
    ok: false,
    errors,
    witnesses: () => shortestWitnesses(services),
  });
  progress('merging the subgraphs');
  const merged = composeServices(services, { runSatisfiability: false });
  if (merged.errors) return failed(merged.errors);
  const { schema, supergraphSdl } = merged;
  progress('checking that every query can be answered');
  const { errors, hints = [] } = validateSatisfiability({ supergraphSchema: schema });
  if (errors) return failed(errors);
  return {
    ok: true,
    supergraphSdl,
    apiSchema: schema.toAPISchema().toGraphQLJSSchema(),
    hints: [...merged.hints, ...hints].flatMap(
      ({ definition, message, nodes }): readonly ComposerHint[] => {
        const level = levelOf(definition.level.name);
        return level ? [{ code: definition.code, level, message, nodes }] : [];
      },
    ),
  };
};

function levelOf(name: string): ComposerHint['level'] | undefined {
  if (name === 'WARN') return 'warning';
  return name === 'INFO' ? 'info' : undefined;
}
