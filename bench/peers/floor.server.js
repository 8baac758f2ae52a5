import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { request } from 'undici';

const routes = new Map(Object.entries(JSON.parse(readFileSync(process.env.ROUTES, 'utf8'))));
const headers = { 'content-type': 'application/json' };

createServer(async (incoming, response) => {
  const route = routes.get(incoming.url);
  await bodyOf(incoming);
  if (!route) {
    response.writeHead(404).end();
    return;
  }
  const { steps, answer } = route;
  for (const calls of steps) await Promise.all(calls.map(callSubgraph));
  response.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(answer) });
  response.end(answer);
}).listen(Number(process.env.PORT), '127.0.0.1');

async function callSubgraph({ url, body }) {
  const response = await request(url, { method: 'POST', headers, body });
  return response.body.text();
}

function bodyOf(incoming) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    incoming.on('data', (chunk) => chunks.push(chunk));
    incoming.on('end', () => resolve(Buffer.concat(chunks)));
    incoming.on('error', reject);
  });
}
