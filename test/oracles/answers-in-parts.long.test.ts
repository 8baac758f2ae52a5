import { describeAnswersInParts } from './answers-in-parts.ts';

/** ORACLE_OPERATIONS is how many on each of the ten supergraphs. */
describeAnswersInParts(Number(process.env.ORACLE_OPERATIONS ?? 215));
