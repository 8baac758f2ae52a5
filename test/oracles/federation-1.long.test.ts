import { describeRandomOperations } from './describe-random-operations.ts';

describeRandomOperations('Federation 1');
