import { describeRandomOperations } from './describe-random-operations.ts';

describeRandomOperations('interface objects');
