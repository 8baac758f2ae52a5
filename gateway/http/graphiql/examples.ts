/** An operation that GraphiQL opens in a tab. */
export interface ExampleOperation {
  readonly query: string;
  readonly variables?: string;
}

/** The tabs of a first visit: what the graph is for, and how to log in with GraphQL itself. */
export const exampleOperations: readonly ExampleOperation[] = [
  {
    query: `# One request spans three services: orders knows the order, users the customer, products the items.
# Log in first, with the bar at the top of this page: an order is seen by its owner and by admins.
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
    query: `# The product and its reviews come from products, the authors' names from users.
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
    query: `# Logging in by GraphQL. Send the access token as the header "Authorization: Bearer …",
# or use the bar at the top of this page, which does it for you.
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
    variables: '{ "input": { "email": "john@example.com", "password": "pass456" } }',
  },
];
