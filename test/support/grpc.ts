import { fileURLToPath } from 'node:url';
import {
  Client,
  type ClientDuplexStream,
  type ClientReadableStream,
  credentials,
  Metadata,
  type MethodDefinition,
  type ServiceDefinition,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadFileDescriptorSetFromBuffer, loadSync } from '@grpc/proto-loader';
import { patienceMs } from './patience.ts';

/** A client that knows nothing of a server but what that tells by reflection, as `grpcurl` does. */
export interface GenericClient {
  /** The names of all services. */
  list(): Promise<readonly string[]>;
  /** Calls a method that answers once. Rejects with a ServiceError. */
  call(method: string, request: object, metadata?: Metadata): Promise<unknown>;
  /** Calls a method that answers with a stream. */
  stream(
    method: string,
    request: object,
    metadata?: Metadata,
  ): Promise<ClientReadableStream<unknown>>;
  /** Calls a method that takes a stream and answers with one. */
  exchange(method: string, metadata?: Metadata): Promise<ClientDuplexStream<unknown, unknown>>;
  close(): void;
}

const options = { keepCase: true, longs: String, enums: String, defaults: true };
const protos = new URL(
  '../../node_modules/@grpc/reflection/build/proto/grpc/reflection/',
  import.meta.url,
);

interface ReflectionResponse {
  readonly list_services_response: {
    readonly service: readonly { readonly name: string }[];
  } | null;
  readonly file_descriptor_response: { readonly file_descriptor_proto: readonly Buffer[] } | null;
}

/** Opens a client by one version of reflection. Methods are named as `package.Service/Method`. */
export function openGenericClient(
  address: string,
  version: 'v1' | 'v1alpha' = 'v1',
): GenericClient {
  const client = new Client(address, credentials.createInsecure());
  const deadline = (): Date => new Date(Date.now() + patienceMs);
  const reflection = loadSync(
    fileURLToPath(new URL(`${version}/reflection.proto`, protos)),
    options,
  )[`grpc.reflection.${version}.ServerReflection`] as ServiceDefinition;

  const reflect = (request: object): Promise<ReflectionResponse> =>
    new Promise((resolve, reject) => {
      const { path, requestSerialize, responseDeserialize } =
        reflection.ServerReflectionInfo as MethodDefinition<unknown, unknown>;
      const call: ClientDuplexStream<unknown, unknown> = client.makeBidiStreamRequest(
        path,
        requestSerialize,
        responseDeserialize,
        { deadline: deadline() },
      );
      call.on('data', resolve);
      call.on('error', reject);
      call.write(request);
      call.end();
    });
  const methodOf = async (method: string): Promise<MethodDefinition<unknown, unknown>> => {
    const [service = '', name = ''] = method.split('/');
    const { file_descriptor_response: files } = await reflect({ file_containing_symbol: service });
    const set = Buffer.concat(files?.file_descriptor_proto.map(asMemberOfSet) ?? []);
    const definition = loadFileDescriptorSetFromBuffer(set, options)[service] as ServiceDefinition;
    return definition[name] as MethodDefinition<unknown, unknown>;
  };

  return {
    async list() {
      const { list_services_response: services } = await reflect({ list_services: '' });
      return services?.service.map(({ name }) => name) ?? [];
    },
    async call(method, request, metadata = new Metadata()) {
      const { path, requestSerialize, responseDeserialize } = await methodOf(method);
      return new Promise((resolve, reject) => {
        client.makeUnaryRequest(
          path,
          requestSerialize,
          responseDeserialize,
          request,
          metadata,
          { deadline: deadline() },
          (error: ServiceError | null, response) => {
            if (error) reject(error);
            else resolve(response);
          },
        );
      });
    },
    async stream(method, request, metadata = new Metadata()) {
      const { path, requestSerialize, responseDeserialize } = await methodOf(method);
      return client.makeServerStreamRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        metadata,
        { deadline: deadline() },
      );
    },
    async exchange(method, metadata = new Metadata()) {
      const { path, requestSerialize, responseDeserialize } = await methodOf(method);
      return client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, metadata, {
        deadline: deadline(),
      });
    },
    close: () => {
      client.close();
    },
  };
}

/** A FileDescriptorSet is nothing but its files, each under the tag of member 1. */
function asMemberOfSet(file: Buffer): Buffer {
  const length: number[] = [];
  for (let rest = file.length; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.concat([Buffer.from([0x0a, ...length, rest]), file]);
    length.push((rest % 128) + 128);
  }
}
