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

/** The demand of each operation, compiled once. */
export class OperationDemands {
  private readonly options: DemandOptions;
  private readonly directives = new WeakMap<GraphQLSchema, CostDirectives>();
  private readonly compiled = new WeakMap<OperationDefinitionNode, Compiled>();

  constructor(options: DemandOptions) {
    this.options = options;
  }

  /**
   * Reads the cost directives from a schema's supergraph; without a supergraph, or without such directives, all
   * defaults apply.
   */
  addSchema(schema: GraphQLSchema, supergraphSdl: string | undefined): void {
    if (supergraphSdl === undefined || supergraphSdl === '') return;
    // Parsing a large supergraph again would block requests.
    const document = supergraphDocumentOf(schema) ?? parse(supergraphSdl, { noLocation: true });
    const feature = featuresOf(document).find(({ name }) => name === 'cost');
    if (!feature) return;
    const cost = directiveName(feature, 'cost');
    const listSize = directiveName(feature, 'listSize');
    this.directives.set(schema, readCostDirectives(document, { cost, listSize }));
  }

  /** The demand of an operation; its document must be valid on the schema. */
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
