import { describeRandomOperations } from '../support/oracles/random-run.ts';
import { unionsAndLists } from './supergraphs/unions-and-lists.ts';

describeRandomOperations({ name: 'unions and lists', schemas: unionsAndLists });
