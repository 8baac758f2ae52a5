import { runSubgraph } from '../kit/run-subgraph.ts';
import { orders } from './subgraph.ts';

await runSubgraph(orders);
