/** @jest-environment ./test/support/suite-environment.js */
import { describeApolloSuite, otherwiseOverHttp } from './apollo-suite.ts';

describeApolloSuite('direct lane', { excluded: otherwiseOverHttp, answersDirectly: 10 });
