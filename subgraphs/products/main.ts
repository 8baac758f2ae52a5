import { runSubgraph } from '../kit/run-subgraph.ts';
import { products } from './subgraph.ts';

await runSubgraph(products);
