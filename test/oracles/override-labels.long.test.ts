import { describeRandomOperations } from './describe-random-operations.ts';

describeRandomOperations('override labels');
