import { describeRandomOperations } from '../support/oracles/random-run.ts';
import { keysAndRequirements } from './supergraphs/keys-and-requirements.ts';

describeRandomOperations({ name: 'keys and requirements', schemas: keysAndRequirements });
