import { loadProto } from './load-proto.ts';

/** The descriptors of `ecommerce.proto`. */
export const productPackage = loadProto(new URL('./ecommerce.proto', import.meta.url));

/** The name of the service in `ecommerce.proto`. */
export const productService = 'ecommerce.ProductService';

/** The largest id that the messages can hold. */
export const productMaxId = 2 ** 31 - 1;

/** The methods of the service that have one response. */
export interface ProductMethods {
  readonly GetProduct: {
    readonly request: { readonly product_id: number };
    readonly response: ProductResponse;
  };
  readonly CreateProduct: {
    readonly request: { readonly name: string; readonly price: number; readonly stock: number };
    readonly response: ProductResponse;
  };
}

/** The methods of the service that have a stream of responses. */
export interface ProductStreams {
  readonly ListProducts: { readonly request: object; readonly response: ProductResponse };
}

/** The message `ProductResponse`. */
export interface ProductResponse {
  readonly id: number;
  readonly name: string;
  /** In the shop's currency: the number nearest to the exact amount. */
  readonly price: number;
  readonly stock: number;
}
