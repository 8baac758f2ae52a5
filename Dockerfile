# One image for all services; the command says which one runs (see docker-compose.yml).

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY engine/package.json ./engine/
COPY composition/package.json ./composition/
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build

FROM node:24.21.0-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
COPY engine/package.json ./engine/
COPY composition/package.json ./composition/
# tsx runs TypeScript in a checkout; the image runs what the build compiled, the workspaces with the rest.
RUN npm ci --omit=dev --ignore-scripts \
  && npm uninstall tsx --omit=dev --ignore-scripts --no-audit --offline \
  && rm node_modules/supergraph-gateway node_modules/supergraph-checks

FROM node:24.21.0-bookworm-slim AS runtime
# Nothing is installed or built in here any more.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /opt/yarn-* \
  /usr/local/bin/yarn /usr/local/bin/yarnpkg
WORKDIR /app
ENV NODE_ENV=production
COPY --from=packages /app/package.json ./
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./
USER node
EXPOSE 4000
ENV HEALTH_URL=http://127.0.0.1:4000/healthz
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(process.env.HEALTH_URL, { signal: AbortSignal.timeout(2000) }).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# A generation of young objects that holds the answers in flight: see docs/decisions/0011.
CMD ["node", "--max-semi-space-size=64", "--min-semi-space-size=64", "storefront/gateway.js"]
