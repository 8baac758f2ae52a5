import { describeRandomOperations } from '../support/oracles/random-run.ts';
import { storefront } from './supergraphs/storefront.ts';

describeRandomOperations({ name: 'storefront', schemas: storefront });
