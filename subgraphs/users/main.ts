import { runSubgraph } from '../kit/run-subgraph.ts';
import { users } from './subgraph.ts';

await runSubgraph(users);
