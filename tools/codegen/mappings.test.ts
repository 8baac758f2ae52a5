import { describe, expect, it } from '@jest/globals';
import { toCode } from './mappings.ts';

describe('tools/codegen/mappings', () => {
  it('imports each source once, under a name that leaves the name of the GraphQL type free', () => {
    const { imports, sources } = toCode({
      context: '../context.ts#ThingsContext',
      sources: {
        Thing: '../domain/thing.ts#Thing',
        ThingConnection: '../../kit/connection.ts#Connection<Thing>',
        PartConnection: '../../kit/connection.ts#Connection<Part>',
        Part: '../domain/thing.ts#Piece',
      },
    });
    expect(imports).toEqual([
      "import type { Connection } from '../../kit/connection.ts';",
      "import type { Piece as PieceSource } from '../domain/thing.ts';",
      "import type { Thing as ThingSource } from '../domain/thing.ts';",
      "import type { ThingsContext } from '../context.ts';",
    ]);
    expect(sources).toEqual({
      Thing: 'ThingSource',
      ThingConnection: 'Connection<ThingSource>',
      PartConnection: 'Connection<PieceSource>',
      Part: 'PieceSource',
    });
  });

  it('treats anything that is not a reference as TypeScript', () => {
    const stub = '{ readonly id: string }';
    expect(toCode({ context: 'unknown', sources: { User: stub } })).toEqual({
      imports: [],
      context: 'unknown',
      sources: { User: stub },
    });
  });
});
