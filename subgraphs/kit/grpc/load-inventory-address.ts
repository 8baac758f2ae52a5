import type { SettingName } from '../../../common/setting-variables.ts';
import { type Environment, SettingsError, variable } from '../../../common/settings.ts';

/** The variable that says where products serves gRPC: it takes the port of it, and orders finds products there. */
export const inventoryAddressName = 'INVENTORY_GRPC_ADDRESS' satisfies SettingName;

/** Where a server of gRPC is. */
export interface GrpcAddress {
  /** As `host:port`, as a client names it. */
  readonly target: string;
  /** 0 takes any free port. */
  readonly port: number;
}

const defaultHost = '127.0.0.1';
const defaultPort = 50_051;

/** `host:port`, an address of IPv6 in brackets, or a port of this machine. */
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
