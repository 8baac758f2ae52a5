/** @jest-environment ./test/support/suite-environment.js */
import { describeApolloSuite, otherwiseOverHttp } from './apollo-suite.ts';

describeApolloSuite('schema', { excluded: otherwiseOverHttp, answersDirectly: 0 });
