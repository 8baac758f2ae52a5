import { describeAnswersInParts } from './answers-in-parts.ts';

/** 150 operations; the long test has 2,000. */
describeAnswersInParts(15);
