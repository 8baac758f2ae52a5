import type { SettingName } from '../../../common/setting-variables.ts';
import { type Environment, SettingsError, variable } from '../../../common/settings.ts';

/** The variable with the address of products' gRPC server: products listens on its port, and orders connects to it. */
export const inventoryAddressName = 'INVENTORY_GRPC_ADDRESS' satisfies SettingName;

/** The address of a gRPC server. */
export interface GrpcAddress {
  /** As `host:port`, for clients. */
  readonly target: string;
  /** 0 picks any free port. */
  readonly port: number;
}

const defaultHost = '127.0.0.1';
const defaultPort = 50_051;

/** `host:port`, with an IPv6 address in brackets, or only a port, on this machine. */
const form = /^(?:(?<host>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):)?(?<port>\d{1,5})$/;

/** Reads `INVENTORY_GRPC_ADDRESS`. Throws a SettingsError. */
export function loadInventoryAddress(environment: Environment): GrpcAddress {
  const value = variable(environment, inventoryAddressName) ?? String(defaultPort);
  const { host = defaultHost, port } = form.exec(value)?.groups ?? {};
  if (port === undefined || Number(port) > 65_535) {
    throw new SettingsError([
      `${inventoryAddressName}: takes host:port, such as ${defaultHost}:${defaultPort}, not ${JSON.stringify(value)}`,
    ]);
  }
  return { target: `${host}:${Number(port)}`, port: Number(port) };
}
