/**
 * Types for CommonJS programs. They may `require` this package on Node.js 20.19 and later, but TypeScript's `node16`
 * resolves the types of an ES module only for `import`.
 */
type Engine = typeof import('./dist/engine/index.js', { with: { 'resolution-mode': 'import' } });

export type * from './dist/engine/index.js' with { 'resolution-mode': 'import' };

export declare const SupergraphGateway: Engine['SupergraphGateway'];
export type SupergraphGateway = InstanceType<Engine['SupergraphGateway']>;
export declare const SubgraphFailure: Engine['SubgraphFailure'];
export type SubgraphFailure = InstanceType<Engine['SubgraphFailure']>;
export declare const passReportedErrors: Engine['passReportedErrors'];
export declare const createSubscriptionHandler: Engine['createSubscriptionHandler'];
export declare const operationLimits: Engine['operationLimits'];
