import { format, resolveConfig } from 'prettier';
import { stringify } from 'yaml';
import { asyncApiDocument } from '../../events/contracts/asyncapi.ts';

/** The text of docs/asyncapi.yaml. */
export async function asyncApiText(): Promise<string> {
  const head = '# Made of the contracts in events/contracts by npm run docs:events: do not edit.\n';
  const body = stringify(asyncApiDocument(), { aliasDuplicateObjects: false, lineWidth: 0 });
  return format(head + body, { ...(await resolveConfig('package.json')), parser: 'yaml' });
}
