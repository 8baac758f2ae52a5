import { readFile } from 'node:fs/promises';

/** How the image starts the gateway, which compose and Kubernetes repeat. */
export async function gatewayCommand(): Promise<readonly string[]> {
  const [, command = '[]'] = /^CMD (\[.*\])$/m.exec(await readFile('Dockerfile', 'utf8')) ?? [];
  return JSON.parse(command) as readonly string[];
}
