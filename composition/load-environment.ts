/** Environment variables by name, for `${env.NAME}` in supergraph.yaml. */
export const processEnvironment: Readonly<Record<string, string | undefined>> = process.env;
