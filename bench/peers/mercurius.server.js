import { createRequire, Module } from 'node:module';

// Mercurius' gateway puts type objects where an AST has their names, which the printer of graphql 16.15
// does not take: its packages get a copy of 16.14, which is installed beside.
const require = createRequire(import.meta.url);
const resolve = Module._resolveFilename;
Module._resolveFilename = (request, ...rest) =>
  resolve(request.replace(/^graphql(?=$|\/)/, 'graphql-of-mercurius'), ...rest);
const { fastify } = require('fastify');
const mercuriusGateway = require('@mercuriusjs/gateway');

// Federation 1, and only what the operations ask for.
const schemas = new Map([
  [
    'users',
    `
      type User @key(fields: "id") { id: ID! name: String! email: String }
    `,
  ],
  [
    'products',
    `
      extend type Query { products: [Product!] }
      type Product @key(fields: "id") { id: ID! name: String! price: Float! stock: Int! }
    `,
  ],
  [
    'orders',
    `
      extend type Query {
        order(id: ID!): Order
        orders(first: Int! = 20, after: String): OrderConnection
      }
      type Order @key(fields: "id") { id: ID! user: User items: [OrderItem!]! }
      type OrderItem { product: Product quantity: Int! }
      type OrderConnection { nodes: [Order!]! }
      extend type User @key(fields: "id") { id: ID! @external }
      extend type Product @key(fields: "id") { id: ID! @external }
    `,
  ],
]);

const services = JSON.parse(process.env.SUBGRAPHS).map(({ name, url }) => ({
  name,
  url,
  schema: schemas.get(name),
}));

const app = fastify();
app.register(mercuriusGateway, { gateway: { services } });
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
