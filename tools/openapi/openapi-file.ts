import { format, resolveConfig } from 'prettier';
import { openApiOf } from '../../gateway/http/rest/openapi.ts';
import { shop } from '../../storefront/shop/shop.ts';

/** Where the OpenAPI document of the shop's REST routes is kept. */
export const openApiPath = 'docs/openapi.json';

/** The document as the routes are now. */
export async function openApiText(): Promise<string> {
  const { routes, info } = shop.rest;
  return format(JSON.stringify(openApiOf(routes, info)), {
    ...(await resolveConfig('package.json')),
    parser: 'json',
  });
}
