import { status } from '@grpc/grpc-js';
import { AppError } from '../../../common/errors.ts';
import { identityHeader, type IdentityVerifier } from '../../../common/identity-token.ts';
import type { Mode } from '../../../common/mode.ts';
import { decimalFromMinor } from '../../../common/money.ts';
import {
  serviceIdentityHeader,
  type ServiceIdentityVerifier,
} from '../../../common/service-identity.ts';
import { isAdmin, type Viewer } from '../../../common/viewer.ts';
import type { Admit, CallScope, Handlers } from '../../kit/grpc/handlers.ts';
import type { ServedService } from '../../kit/grpc/open-server.ts';
import {
  productMaxId,
  type ProductMethods,
  productPackage,
  type ProductResponse,
  productService,
} from '../../kit/grpc/product-contract.ts';
import { StatusError } from '../../kit/grpc/status-error.ts';
import type { ProductRepository } from '../data/product-repository.ts';
import { readNewProduct } from '../domain/product-input.ts';
import type { Product } from '../domain/product.ts';

/** The dependencies of the service. */
export interface ProductServiceDependencies {
  readonly products: Pick<ProductRepository, 'byIds' | 'insert' | 'after'>;
  readonly verifyIdentity: IdentityVerifier;
  readonly verifyService: ServiceIdentityVerifier;
  readonly mode: Mode;
}

/** How many products of a stream are in memory at a time. */
const pageSize = 200;

/**
 * The catalogue by gRPC (`ecommerce.proto`). In production calls need a signed identity, and only admins can add
 * products. In development calls need none, because other machines cannot reach it and its keys are public anyway; a
 * call on behalf of a viewer may still do only what that viewer may.
 */
export function serveProducts(dependencies: ProductServiceDependencies): ServedService {
  return {
    definition: productPackage,
    name: productService,
    methods: (handlers) => methodsOf(handlers, dependencies),
  };
}

function methodsOf(handlers: Handlers, { products, ...callers }: ProductServiceDependencies) {
  const { anybody, admins } = admissionOf(callers);
  return {
    GetProduct: handlers.unary(
      anybody,
      async ({ product_id: id }: ProductMethods['GetProduct']['request']) => {
        const [product] = id > 0 ? await products.byIds([String(id)]) : [];
        if (product?.archivedAt === null) return toResponse(product);
        throw new StatusError(status.NOT_FOUND, `There is no product with the id ${id}.`);
      },
    ),

    ListProducts: handlers.serverStream(anybody, async function* () {
      for (let after: string | undefined = '0'; after !== undefined;) {
        const page: readonly Product[] = await products.after(after, pageSize);
        yield page.map(toResponse);
        after = page.length < pageSize ? undefined : page.at(-1)?.id;
      }
    }),

    CreateProduct: handlers.unary(
      admins,
      async (given: ProductMethods['CreateProduct']['request']) =>
        toResponse(await products.insert(readNewProduct(given))),
    ),
  };
}

/** Decides who may call which method. */
function admissionOf({
  verifyIdentity,
  verifyService,
  mode,
}: Omit<ProductServiceDependencies, 'products'>): {
  readonly anybody: Admit;
  readonly admins: Admit;
} {
  const viewerOf = ({ header }: CallScope): Viewer | undefined => {
    const token = header(identityHeader);
    return token === undefined ? undefined : verifyIdentity(token);
  };
  const isService = ({ header }: CallScope): boolean => {
    const token = header(serviceIdentityHeader);
    return token !== undefined && verifyService(token) !== undefined;
  };
  const isOpen = mode === 'development';
  const unknown = (): AppError =>
    new AppError('UNAUTHENTICATED', 'A valid signed identity is required.');
  return {
    anybody: (scope) => {
      if (!isOpen && !viewerOf(scope) && !isService(scope)) throw unknown();
    },
    admins: (scope) => {
      const hasViewer = scope.header(identityHeader) !== undefined;
      if (isOpen && !hasViewer) return;
      const viewer = viewerOf(scope);
      if (viewer && isAdmin(viewer)) return;
      // A service on behalf of a viewer may do what the viewer may, and not more.
      throw viewer?.kind === 'user' || (!hasViewer && isService(scope))
        ? new AppError('FORBIDDEN', 'Only admins may add products.')
        : unknown();
    },
  };
}

function toResponse({ id, name, priceMinor, stock }: Product): ProductResponse {
  if (Number(id) > productMaxId) {
    throw new StatusError(status.OUT_OF_RANGE, `The id ${id} is larger than the message can hold.`);
  }
  return { id: Number(id), name, price: decimalFromMinor(priceMinor), stock };
}
