import { describeRandomOperations } from '../support/oracles/random-run.ts';
import { interfaceObjects } from './supergraphs/interface-objects.ts';

describeRandomOperations({
  name: 'interface objects',
  schemas: interfaceObjects,
  withoutNative: 'it ends the process where fields of interface objects conflict',
});
