import { type AccessRow, keepsAllButAdminsOut, keepsNobodyOut } from './row.ts';

const ownersOnly = { nobody: 'null', customer: 'null', owner: 'answer', admin: 'answer' } as const;
const adminsOnly = {
  nobody: 'UNAUTHENTICATED',
  customer: 'FORBIDDEN',
  owner: 'FORBIDDEN',
  admin: 'answer',
} as const;
const everybody = {
  nobody: 'answer',
  customer: 'answer',
  owner: 'answer',
  admin: 'answer',
} as const;

/** An order of john, who is the owner of these tables. */
const id = '123';

/** What the subgraph itself and the supergraph answer alike. */
export const ordersAccessRows: readonly AccessRow[] = [
  ofOrder('Order.id', 'id'),
  ofOrder('Order.user', 'user { id }'),
  ofOrder('Order.status', 'status'),
  ofOrder('Order.items', 'items { quantity }'),
  ofOrder('Order.total', 'total { amount currencyCode }'),
  ofOrder('Order.placedAt', 'placedAt'),
  ofOrder('Order.shipping', 'shipping { amount } totalWithShipping { amount }'),
  ofOrder('Order.events', 'events { type at }'),
  {
    ...ofOrder('Order.messages', 'messages { nodes { text } pageInfo { hasNextPage } }'),
    atGateway: keepsNobodyOut,
  },
  ofOrder('OrderItem.product', 'items { product { id sku } }'),
  ofOrder('OrderItem.unitPrice', 'items { unitPrice { amount } }'),
  ofOrder('OrderItem.subtotal', 'items { subtotal { amount } }'),
  {
    field: 'Query.orders',
    operation: '{ orders(first: 3) { nodes { id total { amount } } pageInfo { hasNextPage } } }',
    variables: {},
    expected: adminsOnly,
    atGateway: keepsAllButAdminsOut,
  },
  {
    field: 'Query.orders, filtered',
    operation: '{ orders(status: PAID) { edges { cursor node { id } } } }',
    variables: {},
    expected: adminsOnly,
    atGateway: keepsAllButAdminsOut,
  },
  {
    field: 'Query.salesReport',
    operation: '{ salesReport(from: "2026-11-01") { days { day orders revenue { amount } } } }',
    variables: {},
    expected: adminsOnly,
    atGateway: keepsAllButAdminsOut,
  },
  {
    field: 'Mutation.sendMessage',
    operation:
      'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { userErrors { code } } }',
    variables: { input: { orderId: '4711', message: '', idempotencyKey: '' } },
    expected: { ...everybody, nobody: 'UNAUTHENTICATED' },
    atGateway: keepsNobodyOut,
  },
  ...['place', 'pay', 'cancel'].map(ofOwnChange),
  ...['ship', 'deliver', 'refund'].map(ofAdminsChange),
  {
    field: 'User.orders, of an order',
    operation: 'query ($id: ID!) { order(id: $id) { user { orders(first: 1) { nodes { id } } } } }',
    variables: { id },
    expected: ownersOnly,
    atGateway: keepsNobodyOut,
  },
];

/** What only a gateway asks of the subgraph: entities by reference. Through the gateway these are unknown fields. */
export const ordersEntityRows: readonly AccessRow[] = [
  ofEntity('Order', { id }, 'id status total { amount } items { quantity }', ownersOnly),
  ofEntity('User', { id: '1' }, 'orders { nodes { id } pageInfo { endCursor } }', ownersOnly),
  ofEntity('User', { id: '1' }, 'id', everybody),
  ofEntity(
    'Product',
    { id: '1', weightGrams: 2_100, handling: 'FRAGILE' },
    'shippingCost { amount }',
    everybody,
  ),
];

function ofOrder(field: string, selection: string): AccessRow {
  return {
    field,
    operation: `query ($id: ID!) { order(id: $id) { ${selection} } }`,
    variables: { id },
    expected: ownersOnly,
  };
}

/** For an order of one's own: the operation names none that there is, and is answered with the reason. */
function ofOwnChange(verb: string): AccessRow {
  const payment = { method: 'CARD', token: '' };
  const shippingAddress = { name: '', line1: '', city: '', postalCode: '', country: '' };
  const inputs: Readonly<Record<string, object>> = {
    place: { idempotencyKey: '', items: [], shippingAddress, payment },
    pay: { id: '4711', payment },
    cancel: { id: '4711' },
  };
  return {
    ...ofChange(verb),
    variables: { input: inputs[verb] },
    expected: { ...everybody, nobody: 'UNAUTHENTICATED' },
    atGateway: keepsNobodyOut,
  };
}

function ofAdminsChange(verb: string): AccessRow {
  return {
    ...ofChange(verb),
    variables: { input: { id: '4711' } },
    expected: adminsOnly,
    atGateway: keepsAllButAdminsOut,
  };
}

function ofChange(verb: string): Pick<AccessRow, 'field' | 'operation'> {
  const type = `${verb.charAt(0).toUpperCase()}${verb.slice(1)}OrderInput`;
  return {
    field: `Mutation.${verb}Order`,
    operation: `mutation ($input: ${type}!) { ${verb}Order(input: $input) { userErrors { code } } }`,
  };
}

function ofEntity(
  type: string,
  fields: object,
  selection: string,
  expected: AccessRow['expected'],
): AccessRow {
  return {
    field: `${type} by reference: ${selection}`,
    operation: `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${type} { ${selection} } } }`,
    variables: { of: [{ __typename: type, ...fields }] },
    expected,
  };
}
