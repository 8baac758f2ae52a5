import type { Application } from '../../gateway/application.ts';
import { exampleOperations } from './example-operations.ts';
import { orderRoutes } from './rest/order-routes.ts';
import { productRoutes } from './rest/product-routes.ts';
import { productService } from './rest/product-service.ts';
import { sessionRoutes } from './session-routes.ts';

/** What the gateway knows about the shop. */
export const shop: Application = {
  settings: {
    limits: {
      // Mutations that prove an identity, or that cost money.
      oncePerOperation: [
        'signUp',
        'login',
        'refreshToken',
        'logout',
        'changePassword',
        'placeOrder',
        'cancelOrder',
      ],
    },
    subscriptions: {
      newestOnly: ['orderStatusChanged', 'stockChanged'],
      replaying: ['messageAdded'],
    },
    rateLimits: { guardedFields: ['login', 'signUp', 'changePassword'] },
    access: { sessionFields: ['login', 'signUp', 'refreshToken'] },
    landingPages: {
      // From the demonstration data; the API contract lists them.
      accounts: [
        { label: 'John (customer)', username: 'john@example.com', password: 'pass456' },
        { label: 'Jane (customer)', username: 'jane@example.com', password: 'pass789' },
        { label: 'Admin', username: 'admin@example.com', password: 'pass123' },
      ],
    },
  },
  sessionRoutes,
  rest: {
    routes: [...productRoutes, ...orderRoutes],
    services: [productService],
    info: {
      title: 'The shop',
      version: '1.0.0',
      description: 'The catalogue and orders, for clients that know no GraphQL.',
    },
  },
  examples: exampleOperations,
  sandboxOperation:
    'query Catalogue {\n  products {\n    id\n    name\n    price\n    stock\n  }\n}\n',
};
