import { describeRandomOperations } from './describe-random-operations.ts';

describeRandomOperations('values without keys');
