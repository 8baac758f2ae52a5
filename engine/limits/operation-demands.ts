import {
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  parse,
} from 'graphql';
import { directiveName, featuresOf } from '../supergraph/features.ts';
import { supergraphDocumentOf } from '../supergraph/supergraph.ts';
import { compileDemand } from './compile-demand.ts';
import { type CostDirectives, noCostDirectives, readCostDirectives } from './cost/directives.ts';
import type { DemandOptions, MeasureDemand } from './operation-demand.ts';

/** What operations ask for, compiled once for each. */
export class OperationDemands {
  private readonly options: DemandOptions;
  private readonly directives = new WeakMap<GraphQLSchema, CostDirectives>();
  private readonly compiled = new WeakMap<OperationDefinitionNode, Compiled>();

  constructor(options: DemandOptions) {
    this.options = options;
  }

  /** Reads what the supergraph of a schema says about cost; a schema without one, or with none in it, says nothing. */
  serve(schema: GraphQLSchema, supergraphSdl: string | undefined): void {
    if (supergraphSdl === undefined || supergraphSdl === '') return;
    // To parse it again would hold up requests where it is large.
    const document = supergraphDocumentOf(schema) ?? parse(supergraphSdl, { noLocation: true });
    const feature = featuresOf(document).find(({ name }) => name === 'cost');
    if (!feature) return;
    const cost = directiveName(feature, 'cost');
    const listSize = directiveName(feature, 'listSize');
    this.directives.set(schema, readCostDirectives(document, { cost, listSize }));
  }

  /** What an operation asks for; its document is valid on the schema. */
  of(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
  ): MeasureDemand {
    const known = this.compiled.get(operation);
    if (known?.schema === schema) return known.measure;
    const directives = this.directives.get(schema) ?? noCostDirectives;
    const measure = compileDemand({ document, operation, schema, directives }, this.options);
    this.compiled.set(operation, { schema, measure });
    return measure;
  }
}

interface Compiled {
  readonly schema: GraphQLSchema;
  readonly measure: MeasureDemand;
}
