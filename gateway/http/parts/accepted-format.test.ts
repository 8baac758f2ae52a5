import { describe, expect, it } from '@jest/globals';
import { createAcceptedFormat } from './accepted-format.ts';

describe('the format of a response in parts', () => {
  const accepted = createAcceptedFormat();
  const specOf = (accept: string | undefined): string | undefined => accepted(accept)?.spec;

  it.each([
    ['multipart/mixed;deferSpec=20220824,application/json;q=0.9', 'deferSpec=20220824'],
    [
      'multipart/mixed; deferSpec="20220824"; boundary="a,b", application/json',
      'deferSpec=20220824',
    ],
    ['application/json, Multipart/Mixed ; incrementalSpec=v0.2', 'incrementalSpec=v0.2'],
    ['multipart/mixed;deferSpec=20220824', 'deferSpec=20220824'],
    [
      'multipart/mixed;deferSpec=20220824,multipart/mixed;incrementalSpec=v0.2',
      'incrementalSpec=v0.2',
    ],
    [
      'multipart/mixed;deferSpec=20220824,multipart/mixed;incrementalSpec=v0.2;q=0.5',
      'deferSpec=20220824',
    ],
  ])('is the one that is named: %s', (accept, spec) => {
    expect([specOf(accept), specOf(accept)]).toEqual([spec, spec]);
  });

  it.each([
    undefined,
    '',
    '*/*',
    'application/json',
    'multipart/mixed',
    'multipart/mixed;deferSpec=20230101, */*',
    'multipart/mixed;subscriptionSpec=1.0',
    'multipart/mixed;deferSpec=20220824;q=0',
    'multipart/mixed;deferSpec=20220824;q=x',
    'multipart/form-data;deferSpec=20220824',
    'application/json, multipart/mixed;deferSpec=20220824;q=0.5',
    'text/plain;x="multipart/mixed;deferSpec=20220824"',
  ])('is none for a client that does not name it, or prefers JSON: %s', (accept) => {
    expect(specOf(accept)).toBeUndefined();
  });
});
