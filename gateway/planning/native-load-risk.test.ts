import { describe, expect, it } from '@jest/globals';
import { departments } from '../../test/support/departments.ts';
import { compose } from '../../test/support/federation.ts';
import { nativeLoadRisk } from './native-load-risk.ts';
import { readSupergraph } from './supergraph.ts';

const composed = compose({
  ...departments,
  reviews: `
    type Query { reviews(first: Int): [Review!] @cost(weight: 5) @listSize(assumedSize: 3, slicingArguments: ["first"], requireOneSlicingArgument: false) }
    type Review { photo: Photo @provides(fields: "taken") }
    type Photo @key(fields: "id") { id: ID! taken: String @external size: Int @requires(fields: "taken") score: Int @override(from: "gone") }
  `,
  media: departments.media?.replace('taken: String', 'taken: String @shareable') ?? '',
});

function riskOf(sdl: string): string | undefined {
  const { document, features } = readSupergraph(sdl);
  return nativeLoadRisk(document, features);
}

describe('planning/native-load-risk', () => {
  it('sees no risk in what composition writes', () => {
    expect(riskOf(composed)).toBeUndefined();
  });

  it.each([
    ['a cost below zero', 'weight: 5', 'weight: -5', /weight of a @cost/],
    ['a size that is no number', 'assumedSize: 3', 'assumedSize: "3"', /@listSize has a size/],
    ['a key of a field that is not there', 'key: "id"', 'key: "code"', /"key" without a field/],
    ['a requirement of no field', 'requires: "taken"', 'requires: "x"', /"requires" without/],
    ['a requirement below a scalar', 'requires: "taken"', 'requires: "taken { x }"', /without/],
    ['a provision of no field', 'provides: "taken"', 'provides: "x"', /provides of "Photo"/],
    [
      'an override in no subgraph',
      'graph: REVIEWS, override: "gone"',
      'override: "gone"',
      /overrides in no subgraph/,
    ],
    [
      'an override with a share that is none',
      'override: "gone"',
      'override: "gone", overrideLabel: "percent(101)"',
      /has the label "percent\(101\)"/,
    ],
    [
      'a subgraph that is not there',
      '@join__field(graph: REVIEWS, override',
      '@join__field(graph: NOWHERE, override',
      /names a subgraph that is not there/,
    ],
  ])('sees a risk in %s', (_name, there, instead, risk) => {
    expect(composed).toContain(there);
    expect(riskOf(composed.replace(there, instead))).toMatch(risk);
  });
});
