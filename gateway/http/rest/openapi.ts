import { z } from 'zod';
import type { RestAnswerKind, RestRoute } from './rest-route.ts';

/** The title and description of an OpenAPI document. */
export interface OpenApiInfo {
  readonly title: string;
  readonly version: string;
  readonly description: string;
}

/** A route, and what there is to say about its answers. */
export type DescribedRoute = RestRoute & { readonly description?: string };

/** Describes routes in OpenAPI 3.1, based on the schemas for their input and output. */
export function openApiOf(routes: readonly DescribedRoute[], info: OpenApiInfo): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    (paths[route.path] ??= {})[route.method.toLowerCase()] = describe(route);
  }
  return {
    openapi: '3.1.0',
    info,
    paths,
    components: {
      schemas: { Problem: problemSchema },
      securitySchemes: {
        accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
    },
  };
}

function describe(route: DescribedRoute): object {
  const { operationId, summary, description, body, answers, pathParameters, query, headers } =
    route;
  return {
    operationId,
    summary,
    ...(description !== undefined && { description }),
    security: [{}, { accessToken: [] }],
    parameters: [
      ...parametersOf('path', pathParameters),
      ...parametersOf('query', query),
      ...parametersOf('header', headers),
    ],
    ...(body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: schemaOf(body, 'input') } },
      },
    }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, kind]) => [status, answerOf(kind)]),
      ),
      default: {
        description: 'What is wrong with the request, or why it failed.',
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        },
      },
    },
  };
}

function answerOf({ description, body, headers }: RestAnswerKind): object {
  return {
    description,
    ...(headers && {
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, meaning]) => [
          name,
          { description: meaning, schema: { type: 'string' } },
        ]),
      ),
    }),
    ...(body && { content: { 'application/json': { schema: schemaOf(body, 'output') } } }),
  };
}

function parametersOf(
  place: 'header' | 'path' | 'query',
  parameters: z.ZodObject | undefined,
): readonly object[] {
  return Object.entries(parameters?.shape ?? {}).map(([name, type]) => {
    const { description, ...schema } = schemaOf(type as z.ZodType, 'input');
    const isOptional = (type as z.ZodType).safeParse(undefined).success;
    return { name, in: place, required: place === 'path' || !isOptional, description, schema };
  });
}

function schemaOf(type: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(type, { io });
  return schema;
}

/** RFC 9457, with the code of the error catalogue and what the user can correct. */
const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { type: 'string', const: 'about:blank' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', description: 'A code of the error catalogue (docs/errors.md).' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['code', 'message'],
        properties: {
          code: { type: 'string' },
          message: { type: 'string' },
          path: { type: ['array', 'null'], items: { type: 'string' } },
        },
      },
    },
  },
};
