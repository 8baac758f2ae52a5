import { describe, expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { OperationOutcome } from '../own-operation.ts';
import { answerByGraph, type AnyInput } from './answer-route.ts';
import { defineRestRoute } from './rest-route.ts';

const route = defineRestRoute({
  method: 'GET',
  path: '/lamps',
  operationId: 'getLamp',
  summary: 'A lamp.',
  document: '{ lamp { watts } }',
  variablesOf: () => ({}),
  data: z.object({ lamp: z.object({ watts: z.number().nullable() }).nullable() }),
  answerOf: ({ lamp }) =>
    lamp ? { status: 200, body: lamp } : { status: 404, detail: 'There is no lamp.' },
  answers: {},
});

const failed = { message: 'A subgraph is silent.', extensions: { code: 'SUBGRAPH_TIMEOUT' } };

describe('gateway/http/rest/answer-route', () => {
  const answer = (outcome: OperationOutcome) =>
    answerByGraph(route, () => Promise.resolve(outcome))({} as FastifyRequest, {} as AnyInput);

  it('says that something does not exist only when the operation has found that', async () => {
    expect(await answer({ data: { lamp: null } })).toEqual({
      status: 404,
      detail: 'There is no lamp.',
    });
    expect(await answer({ data: { lamp: null }, errors: [failed] })).toMatchObject({
      status: 504,
      code: 'SUBGRAPH_TIMEOUT',
      detail: 'A subgraph is silent.',
    });
  });

  it('passes on a thing that lacks a part that may be null', async () => {
    expect(await answer({ data: { lamp: { watts: null } }, errors: [failed] })).toEqual({
      status: 200,
      body: { watts: null },
    });
  });
});
