import { format, resolveConfig } from 'prettier';
import { openApiOf } from '../../gateway/http/rest/openapi.ts';
import { describedBy } from '../../gateway/http/rest/rest-service.ts';
import { shop } from '../../storefront/shop/shop.ts';

/** The OpenAPI documents of the shop's REST routes, by what answers them (`rest.answeredBy`). */
export const openApiPaths = {
  graph: 'docs/openapi.json',
  services: 'docs/openapi.services.json',
} as const;

/** A document as the routes are now. */
export async function openApiText(answeredBy: keyof typeof openApiPaths): Promise<string> {
  const { routes, services, info } = shop.rest;
  const described = describedBy(answeredBy === 'services' ? services : [], routes);
  return format(JSON.stringify(openApiOf(described, info)), {
    ...(await resolveConfig('package.json')),
    parser: 'json',
  });
}
