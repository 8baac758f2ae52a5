import { hash, verify } from '@node-rs/argon2';
import { seedUsers } from '../../subgraphs/users/data/seed.ts';
import { normalisePassword } from '../../subgraphs/users/domain/password.ts';
import { createServices } from '../../subgraphs/users/services/create-services.ts';
import {
  createPasswordHasher,
  type HashFunction,
} from '../../subgraphs/users/services/password-hasher.ts';
import { users } from '../../subgraphs/users/subgraph.ts';

const parameters = { memoryCost: 1_024, timeCost: 1, parallelism: 1 };

const lightArgon2id: HashFunction = {
  hash: (password) => hash(normalisePassword(password), parameters),
  verify: (passwordHash, password) => verify(passwordHash, normalisePassword(password)),
};

/** The subgraph with an argon2id of a thirtieth of the work, for tests that are not about the work on passwords. */
export const lightUsers: typeof users = {
  ...users,
  seed: seedUsers(lightArgon2id.hash),
  services: (dependencies) =>
    createServices(dependencies, () => createPasswordHasher(lightArgon2id)),
};
