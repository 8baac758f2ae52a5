import { describeRandomOperations } from './describe-random-operations.ts';

describeRandomOperations('keys and requirements');
