import { runGateway } from '../gateway/run-gateway.ts';
import { shop } from './shop/shop.ts';

/** Only the gateway of the shop. */
await runGateway(shop);
