import { runGateway } from '../gateway/run-gateway.ts';
import { shop } from './shop/shop.ts';

/** The gateway of the shop, alone. */
await runGateway(shop);
