import type { ExampleOperation } from '../../gateway/http/pages/graphiql/page.ts';

/** The tabs of a first visit: what the graph is for, and how to log in with GraphQL itself. */
export const exampleOperations: readonly ExampleOperation[] = [
  {
    query: `# One request spans three services: orders,
# users and products. Log in first, at the top:
# an order is seen by its owner and by admins.
query OrderWithEverything {
  order(id: "123") {
    id
    user {
      name
      email
    }
    items {
      product {
        name
        price
      }
      quantity
    }
  }
}
`,
  },
  {
    query: `# The catalogue is open to everybody.
query Catalogue {
  products {
    id
    name
    price
    stock
  }
}
`,
  },
  {
    query: `# Product and reviews come from products,
# the names of the authors from users.
query ProductWithReviews($id: ID!) {
  product(id: $id) {
    name
    price
    reviews {
      rating
      comment
      user {
        name
      }
    }
  }
}
`,
    variables: '{ "id": "1" }',
  },
  {
    query: `# Log in first, at the top. Each order has a key
# of its own: sent again, it is the same order.
# tok_visa pays, tok_declined does not.
mutation PlaceOrder($input: PlaceOrderInput!) {
  placeOrder(input: $input) {
    order {
      id
      status
      totalWithShipping {
        amount
        currencyCode
      }
      events {
        type
        at
      }
    }
    userErrors {
      code
      message
      path
    }
  }
}
`,
    variables: `{
  "input": {
    "idempotencyKey": "my-first-order",
    "items": [{ "productId": "2", "quantity": 1 }],
    "shippingAddress": {
      "name": "John Doe",
      "line1": "1 Main Street",
      "city": "Springfield",
      "postalCode": "62701",
      "country": "US"
    },
    "payment": { "method": "CARD", "token": "tok_visa" }
  }
}`,
  },
  {
    query: `# Logging in by GraphQL itself. The token goes
# into the header "Authorization: Bearer …";
# the bar at the top does both for you.
mutation Login($input: LoginInput!) {
  login(input: $input) {
    session {
      accessToken
      refreshToken
      tokenType
      expiresIn
    }
    userErrors {
      code
      message
      path
    }
  }
}
`,
    variables: `{
  "input": {
    "email": "john@example.com",
    "password": "pass456"
  }
}`,
  },
];
