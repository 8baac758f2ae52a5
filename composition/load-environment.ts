/** Text that came from outside, by name: what `${env.NAME}` in supergraph.yaml stands for. */
export const processEnvironment: Readonly<Record<string, string | undefined>> = process.env;
