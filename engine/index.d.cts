/**
 * The same types for a program in CommonJS, which may `require` this package on Node.js 20.19 and later, though
 * TypeScript's `node16` takes types of ES modules for what cannot be required.
 */
type Engine = typeof import('./dist/engine/index.js', { with: { 'resolution-mode': 'import' } });

export type * from './dist/engine/index.js' with { 'resolution-mode': 'import' };

export declare const SupergraphGateway: Engine['SupergraphGateway'];
export type SupergraphGateway = InstanceType<Engine['SupergraphGateway']>;
export declare const SubgraphFailure: Engine['SubgraphFailure'];
export type SubgraphFailure = InstanceType<Engine['SubgraphFailure']>;
export declare const passReportedErrors: Engine['passReportedErrors'];
export declare const operationLimits: Engine['operationLimits'];
