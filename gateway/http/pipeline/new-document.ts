import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  parse,
  specifiedRules,
  validate,
  type ValidationRule,
} from 'graphql';
import { checkDocument } from '../../../engine/limits/check-document.ts';
import { limitRefusal } from '../../../engine/limits/limit-refusal.ts';
import type { OperationLimits } from '../../../engine/limits/limits.ts';
import { deferRules } from '../../../engine/operation/defer-rules.ts';
import { type DocumentStage, Refusal } from './stages.ts';

/** The maximum number of validation errors in a response. */
const maxErrors = 10;

/** Parses the text, up to the token limit. */
export function parseDocument({ maxTokens }: Pick<OperationLimits, 'maxTokens'>): DocumentStage {
  return (source) => {
    try {
      return parse(source, { maxTokens });
    } catch (error) {
      throw asRefusal('GRAPHQL_PARSE_FAILED', error);
    }
  };
}

/** Refuses a document over a limit before it is validated, because validation would take longer. */
export function limitDocument(limits: OperationLimits): DocumentStage {
  return (_source, document) => {
    const violation = checkDocument(document, limits);
    if (violation) throw limitRefusal(violation);
    return document;
  };
}

/** Validates (GraphQL spec §5). Production has no introspection. */
export function validateDocument(mode: 'development' | 'production'): DocumentStage {
  const allowed = [...specifiedRules, ...deferRules];
  const rules = mode === 'development' ? allowed : [...allowed, noIntrospection];
  return (_source: string, document: DocumentNode, schema: GraphQLSchema) => {
    const errors = validate(schema, document, rules, { maxErrors });
    if (errors.length === 0) return document;
    throw new Refusal(errors.map((error) => asRefusal('GRAPHQL_VALIDATION_FAILED', error)));
  };
}

/** Reports each use once, and not also every selection below, as the rule of graphql-js does. */
const noIntrospection: ValidationRule = (context) => ({
  Field(node) {
    if (node.name.value !== '__schema' && node.name.value !== '__type') return;
    context.reportError(new GraphQLError(introspectionRefused, { nodes: node }));
  },
});

const introspectionRefused =
  'GraphQL introspection is not allowed, but the query contained __schema or __type.';

/** The same error with its code, as one that the client can correct. */
function asRefusal(code: string, error: unknown): GraphQLError {
  const cause = error instanceof Error ? error : new Error(String(error));
  const { nodes, source, positions } = cause as Partial<GraphQLError>;
  return new GraphQLError(cause.message, {
    nodes,
    source,
    positions,
    originalError: cause,
    extensions: { code, http: { status: 400 } },
  });
}
