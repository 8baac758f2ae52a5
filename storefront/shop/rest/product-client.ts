import { status } from '@grpc/grpc-js';
import { AppError, type ErrorCode } from '../../../common/errors.ts';
import { formatAmount, minorFromDecimal, money } from '../../../common/money.ts';
import type { RestAnswer, RestInput, RestRoute } from '../../../gateway/http/rest/rest-route.ts';
import type {
  RestServiceClient,
  RestServiceOptions,
  ServiceCall,
} from '../../../gateway/http/rest/rest-service.ts';
import { inventoryOwner } from '../../../subgraphs/kit/grpc/inventory-contract.ts';
import {
  type CallOptions,
  type Channel,
  openChannel,
  statusOf,
} from '../../../subgraphs/kit/grpc/open-channel.ts';
import {
  productMaxId,
  type ProductMethods,
  productPackage,
  type ProductResponse,
  productService,
  type ProductStreams,
} from '../../../subgraphs/kit/grpc/product-contract.ts';
import { readId } from '../../../subgraphs/kit/ids.ts';
import {
  createProduct,
  getProduct,
  listProducts,
  noSuchProduct,
  productLocation,
  readMost,
} from './product-routes.ts';

type ProductChannel = Channel<ProductMethods, ProductStreams>;

/** Answers by a call; undefined for a request that the messages of the service cannot express. */
type Ask<Input> = (
  input: Input,
) => ((channel: ProductChannel, call: ServiceCall) => Promise<RestAnswer>) | undefined;

const askForProduct: Ask<{ readonly path: { readonly id: string } }> = ({ path }) => {
  const id = messageId(path.id);
  if (id === undefined) return undefined;
  return async (channel, call) => {
    try {
      const found = await channel.call('GetProduct', { product_id: id }, optionsOf(call));
      return { status: 200, body: toProduct(found) };
    } catch (error) {
      if (statusOf(error)?.code === status.NOT_FOUND) return noSuchProduct;
      throw error;
    }
  };
};

const askForNewProduct: Ask<{
  readonly body: {
    readonly name: string;
    readonly price: number;
    readonly stock: number;
    readonly sku?: string | undefined;
    readonly description?: string | undefined;
    readonly weightGrams?: number | undefined;
  };
}> = ({ body: { name, price, stock, sku, description, weightGrams } }) => {
  const isExpressible = [sku, description, weightGrams].every((value) => value === undefined);
  if (!isExpressible) return undefined;
  return async (channel, call) => {
    const created = await channel.call('CreateProduct', { name, price, stock }, optionsOf(call));
    const body = toProduct(created);
    return { status: 201, headers: productLocation(body.id), body };
  };
};

const askForPage: Ask<{
  readonly query: {
    readonly first: number;
    readonly after?: string | undefined;
    readonly search?: string | undefined;
    readonly sort?: string | undefined;
  };
}> = ({ query: { first, after, search, sort } }) => {
  const start = after === undefined ? 0 : idOfCursor(after);
  if (search !== undefined || sort !== undefined || start === undefined) return undefined;
  return (channel, call) =>
    readPage(channel.stream('ListProducts', {}, optionsOf(call)), start, first);
};

/** The route handlers; their inputs have been read by the schemas of their routes. */
const asks = new Map<RestRoute, Ask<RestInput<never, never, never, never>>>([
  [getProduct, askForProduct],
  [createProduct, askForNewProduct],
  [listProducts, askForPage],
]);

/** Opens a client of `ecommerce.ProductService` for the REST routes. */
export function openProductClient({
  address,
  signIdentity,
}: RestServiceOptions): RestServiceClient {
  const channel = openChannel<ProductMethods, ProductStreams>({
    address,
    definition: productPackage,
    service: productService,
    owner: inventoryOwner,
    signIdentity,
    // A second product would be added when the response to the first call is lost.
    notRetried: ['CreateProduct'],
  });
  return {
    answer(route, input) {
      const ask = asks.get(route)?.(input);
      return (
        ask &&
        (async (call) => {
          try {
            return await ask(channel, call);
          } catch (error) {
            throw toClientError(error);
          }
        })
      );
    },
    close: () => {
      channel.close();
    },
  };
}

/** The stream has no place to begin at: what is before the page is read and skipped. */
async function readPage(
  all: AsyncIterable<ProductResponse>,
  after: number,
  first: number,
): Promise<RestAnswer> {
  const products: RestProduct[] = [];
  let read = 0;
  for await (const message of all) {
    if (products.length === first) {
      return { status: 200, body: { products, next: cursorOf(products.at(-1)) } };
    }
    read += 1;
    if (read > readMost) return tooFar;
    if (message.id > after) products.push(toProduct(message));
  }
  return { status: 200, body: { products, next: null } };
}

const tooFar: RestAnswer = {
  status: 422,
  detail: `Without "sort", only the first ${readMost} products can be listed.`,
};

/** Other cursors are those of the graph, which are base64url. */
const cursorForm = /^id[.]([1-9]\d*)$/;

function idOfCursor(cursor: string): number | undefined {
  const [, id] = cursorForm.exec(cursor) ?? [];
  return id === undefined ? undefined : messageId(id);
}

function cursorOf(last: RestProduct | undefined): string {
  return `id.${last?.id ?? 0}`;
}

function messageId(id: string): number | undefined {
  const number = Number(readId(id));
  return number <= productMaxId ? number : undefined;
}

interface RestProduct {
  readonly id: string;
  readonly name: string;
  readonly price: number;
  readonly unitPrice: { readonly amount: string; readonly currencyCode: string };
  readonly stock: number;
  readonly inStock: boolean;
}

/** The price is exact again: the service sends the number nearest to an amount of whole cents. */
function toProduct({ id, name, price, stock }: ProductResponse): RestProduct {
  const priceMinor = minorFromDecimal(price);
  if (priceMinor === undefined) {
    throw new AppError('SUBGRAPH_ERROR', `Expected a price in whole cents; got ${price}.`);
  }
  const exact = money(priceMinor);
  return {
    id: String(id),
    name,
    price,
    unitPrice: { amount: formatAmount(exact), currencyCode: exact.currencyCode },
    stock,
    inStock: stock > 0,
  };
}

function optionsOf({ identity, trace, deadlineMs, signal }: ServiceCall): CallOptions {
  return { trace, deadlineMs, metadata: identity, signal };
}

/** The statuses that are about the request of the client; their messages are for the client. */
const codeOfStatus: ReadonlyMap<status, ErrorCode> = new Map([
  [status.INVALID_ARGUMENT, 'BAD_USER_INPUT'],
  [status.UNAUTHENTICATED, 'UNAUTHENTICATED'],
  [status.PERMISSION_DENIED, 'FORBIDDEN'],
  [status.RESOURCE_EXHAUSTED, 'OVERLOADED'],
]);

function toClientError(error: unknown): unknown {
  const failed = statusOf(error);
  const code = failed && codeOfStatus.get(failed.code);
  return code === undefined ? error : new AppError(code, failed?.details ?? '', { cause: error });
}
