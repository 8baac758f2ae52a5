import { describeRandomOperations } from './describe-random-operations.ts';

describeRandomOperations('unions and lists');
