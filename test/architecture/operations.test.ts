import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { errorCatalogue } from '../../common/errors.ts';
import { createIdentitySigner, createIdentityVerifier } from '../../common/identity-token.ts';
import { variableNameOf } from '../../common/setting-variables.ts';
import { anonymous } from '../../common/viewer.ts';
import { subgraphs } from '../../storefront/subgraphs.ts';
import { loadAccessTokenSettings } from '../../subgraphs/users/load-settings.ts';
import {
  commandsNamed,
  type DocumentedCommands,
  readCommands,
  runInShell,
} from '../support/documented-commands.ts';
import { schemaFaults } from '../support/kubernetes-schemas.ts';
import {
  exampleFolder,
  type KubernetesObject,
  parseObjects,
  readVariables,
  workloadsOf,
} from '../support/manifests.ts';

const document = 'docs/operations.md';
const hasKustomize = spawnSync('kubectl', ['kustomize', '--help']).status === 0;
const withKustomize = hasKustomize ? it : it.skip;
const skipped = hasKustomize ? '' : ': skipped, there is no kubectl here';

describe(document, () => {
  let text: string;
  let blocks: readonly DocumentedCommands[];
  /** A copy that the commands may modify. */
  let copy: string;
  let secrets: string;

  beforeAll(async () => {
    text = await readFile(document, 'utf8');
    blocks = await readCommands(document);
    copy = await mkdtemp(join(tmpdir(), 'operations-'));
    await cp('deploy', join(copy, 'deploy'), { recursive: true });
    secrets = join(copy, exampleFolder, 'secrets');
    await runInShell(commandsNamed(blocks, 'secrets'), { cwd: copy });
  });
  afterAll(() => rm(copy, { recursive: true }));

  it('says for each command which test runs it, or why none does', async () => {
    expect(blocks.length).toBe(text.match(/^```(?!$)/gm)?.length);
    for (const each of blocks) {
      if (each.kind === 'run') {
        const source = await readFile(each.test, 'utf8');
        expect([each.name, source]).toEqual([each.name, expect.stringContaining(`'${each.name}'`)]);
      } else {
        expect(each).toEqual({
          kind: 'not run',
          reason: expect.stringMatching(/\w+ \w+ \w+/),
          commands: expect.any(String),
        });
      }
    }
    const names = blocks.flatMap((each) => (each.kind === 'run' ? [each.name] : []));
    expect(new Set(names).size).toBe(names.length);
    const files = [...text.matchAll(/<!-- not run: .*? (test\/\S+)/g)].map(([, file = '']) => file);
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
  });

  it('names only existing programs, scripts, manifests and sections', async () => {
    const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as {
      scripts: Readonly<Record<string, string>>;
    };
    const programs = [...text.matchAll(/\bnode (\S+)\.js\b/g)].map(
      ([, path]) => `${path ?? ''}.ts`,
    );
    expect(programs.length).toBeGreaterThan(5);
    expect(programs.filter((path) => !existsSync(path))).toEqual([]);
    const run = [...text.matchAll(/\bnpm run ([a-z:-]+)/g)].map(([, name = '']) => name);
    expect(run.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
    const paths = [...text.matchAll(/deploy\/kubernetes[\w./-]*/g)].map(([path]) => path);
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
    for (const [, file = '', chapter = ''] of text.matchAll(/\]\(([^)#\s]*)#?([^)\s]*)\)/g)) {
      const path = file === '' ? document : join(dirname(document), file);
      expect([path, existsSync(path)]).toEqual([path, true]);
      const chapters = chaptersOf(await readFile(path, 'utf8'));
      if (chapter !== '') expect([...chapters]).toContain(chapter);
    }
  });

  it('quotes only existing log lines and error codes', async () => {
    const night = text.slice(text.indexOf('## At night'));
    const [lines = '', codes = ''] = night.split('What clients report');
    const sources = (
      await Promise.all(
        ['common', 'gateway', 'subgraphs', 'events'].map((folder) => sourcesIn(folder)),
      )
    ).join('\n');
    const quoted = [...lines.matchAll(/^\| (`[^|]*`) +\|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, line = '']) => line),
    );
    expect(quoted.length).toBeGreaterThan(10);
    expect(quoted.filter((line) => !sources.includes(`'${line}'`))).toEqual([]);
    const told = [...codes.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, code = '']) => code);
    expect(told.length).toBeGreaterThan(5);
    expect(told.filter((code) => !Object.hasOwn(errorCatalogue, code))).toEqual([]);
  });

  it('creates a key for each subgraph, the same for both sides, and one for access tokens', async () => {
    const gateway = await variablesIn('gateway');
    const keys = new Set<string>();
    for (const { name } of subgraphs) {
      const variable = `SUBGRAPH_${variableNameOf(name)}_IDENTITY_KEY`;
      const key = gateway.get(variable) ?? '';
      expect(key).toMatch(/^[0-9a-f]{64}$/);
      expect((await variablesIn(name)).get(variable)).toBe(key);
      keys.add(key);
    }
    expect(keys.size).toBe(subgraphs.length);
    expect(keysOf(join(secrets, 'access-token-keys.pem'))).toHaveLength(1);
    const { stdout } = spawnSync('git', ['check-ignore', '--no-index', ...ignored], {
      encoding: 'utf8',
    });
    expect(stdout.trim().split('\n')).toEqual(ignored);
  });

  withKustomize(
    `generates manifests whose pods have those secrets${skipped}`,
    async () => {
      const output = await runInShell(commandsNamed(blocks, 'render'), { cwd: copy });
      const objects = parseObjects(output);
      expect(await schemaFaults(objects.map(onOneLine))).toEqual([]);
      expect(objects.filter(({ metadata }) => metadata.namespace === undefined)).toEqual([
        expect.objectContaining({ kind: 'Namespace' }),
      ]);
      const found = new Map<string, number>();
      for (const { metadata, spec } of workloadsOf(objects)) {
        const [{ image, env }] = spec.template.spec.containers;
        expect(image).toMatch(/^registry\.example\/supergraph:\d+\.\d+\.\d+$/);
        for (const { name, valueFrom } of env) {
          if (!valueFrom) continue;
          const secret = secretNamed(objects, valueFrom.secretKeyRef.name);
          const value = Buffer.from(secret.data[valueFrom.secretKeyRef.key] ?? '', 'base64');
          if (name.endsWith('_IDENTITY_KEY')) expect(value.length).toBe(64);
          found.set(metadata.name, (found.get(metadata.name) ?? 0) + 1);
        }
        for (const { secret } of spec.template.spec.volumes) {
          const { secretName } = (secret ?? {}) as { secretName?: string };
          if (secretName === undefined) continue;
          expect(secretNamed(objects, secretName).data).toHaveProperty(['keys.pem']);
        }
      }
      expect(Object.fromEntries(found)).toEqual({
        // Redis, and each subgraph's key.
        gateway: 1 + subgraphs.length,
        ...Object.fromEntries(subgraphs.map(({ name }) => [name, 2])),
        // The key of products, too.
        orders: 3,
        // The database, the keys of users and orders, the broker, the mail server.
        events: 5,
        migrate: 1,
      });
    },
    120_000,
  );

  it('rotates the keys of access tokens so that each is published before it signs', async () => {
    const steps = commandsNamed(blocks, 'rotate-access-token-keys').trim().split('\n');
    const file = join(secrets, 'access-token-keys.pem');
    const before = keysOf(file);
    const after: (readonly string[])[] = [];
    for (const step of steps) {
      await runInShell(step, { cwd: secrets });
      after.push(keysOf(file));
    }
    const [old = ''] = before;
    const [, added = ''] = after[0] ?? [];
    expect(before).toEqual([old]);
    expect(added).not.toBe(old);
    expect(after).toEqual([[old, added], [added, old], [added]]);
  });

  it('rotates the key of identities so that each is accepted before it signs', async () => {
    const [first = '', ...steps] = commandsNamed(blocks, 'rotate-identity-key').trim().split('\n');
    const variable = 'SUBGRAPH_USERS_IDENTITY_KEY';
    const signers: string[] = [];
    const old = (await variablesIn('gateway')).get(variable);
    // The variables of the first line exist as long as the shell does.
    const looks = steps.map(
      (step, index) => `${step}\ncp gateway.env ${index}.g; cp users.env ${index}.u`,
    );
    await runInShell([first, ...looks].join('\n'), { cwd: secrets });
    for (const index of steps.keys()) {
      const [signing = ''] = (await readKey(`${index}.g`, variable)).split(',');
      const accepted = (await readKey(`${index}.u`, variable)).split(',');
      const { token } = createIdentitySigner('users', signing)(anonymous);
      expect(createIdentityVerifier('users', accepted)(token)).toEqual(anonymous);
      signers.push(signing);
    }
    const [, added] = signers;
    expect(added).not.toBe(old);
    expect(signers).toEqual([old, added, added]);
    expect((await variablesIn('users')).get(variable)).toBe(added);
  });

  it('checks with a command whether the supergraph is up to date', async () => {
    await expect(runInShell(commandsNamed(blocks, 'compose'))).resolves.not.toThrow();
  });

  async function variablesIn(service: string): Promise<ReadonlyMap<string, string>> {
    return readVariables(await readFile(join(secrets, `${service}.env`), 'utf8'));
  }

  async function readKey(file: string, variable: string): Promise<string> {
    return readVariables(await readFile(join(secrets, file), 'utf8')).get(variable) ?? '';
  }
});

/** Secrets that a user creates next to the example. */
const ignored = ['users.env', 'access-token-keys.pem', 'old.pem'].map((file) =>
  join(exampleFolder, 'secrets', file),
);

/** As users reads them: the first signs, all are published. */
function keysOf(file: string): readonly string[] {
  const { privateKeys = [] } = loadAccessTokenSettings(
    { ACCESS_TOKEN_PRIVATE_KEYS_FILE: file },
    'production',
  );
  return privateKeys;
}

function secretNamed(
  objects: readonly KubernetesObject[],
  name: string,
): KubernetesObject & { readonly data: Readonly<Record<string, string>> } {
  const secret = objects.find(({ kind, metadata }) => kind === 'Secret' && metadata.name === name);
  if (!secret) throw new Error(`There is no secret ${name}.`);
  return secret as KubernetesObject & { readonly data: Readonly<Record<string, string>> };
}

/** Kustomize breaks the lines of base64, which the API server reads and the format of the schema does not allow. */
function onOneLine(object: KubernetesObject): KubernetesObject {
  if (object.kind !== 'Secret') return object;
  const data = Object.entries(object.data as Readonly<Record<string, string>>);
  return {
    ...object,
    data: Object.fromEntries(data.map(([key, value]) => [key, value.replaceAll(/\s/g, '')])),
  };
}

/** The anchors of the sections of a document. */
function chaptersOf(text: string): ReadonlySet<string> {
  return new Set(
    [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    ),
  );
}

async function sourcesIn(folder: string): Promise<string> {
  const files = (await readdir(folder, { recursive: true })).filter((file) =>
    /(?<!\.test)\.ts$/.test(file),
  );
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return texts.join('\n');
}
