import { toBinary, create } from '@bufbuild/protobuf';
import { GetInputCountRequestSchema } from '../../../src/wire/proto/requests/inputs_pb.js';
import { NotTriedError, type Assumption } from '../assumption.js';

/** What only gRPC has. */
export const grpcWire: readonly Assumption[] = [
  {
    name: 'grpc-errors-in-message',
    source: 'gRPC A4',
    over: 'grpc',
    assumed: 'gRPC 0 with a message',
    probe: async (scene) => {
      const { grpc, body } = await scene.grpc.call('get', { input_id: scene.id('missing') });
      return `gRPC ${grpc ?? 'none'} ${Object.keys(body).length > 0 ? 'with a message' : 'without a message'}`;
    },
  },
  {
    name: 'grpc-unknown-method',
    source: 'gRPC A4',
    over: 'grpc',
    assumed: 'HTTP 200, gRPC 12, no message',
    probe: async (scene) => {
      const { http, grpc, bytes } = await scene.grpc.send({ method: 'NoSuchMethod', message: new Uint8Array() });
      return `HTTP ${http}, gRPC ${grpc ?? 'none'}, ${bytes.length === 0 ? 'no message' : 'a message'}`;
    },
  },
  {
    name: 'grpc-status-in-trailers',
    source: 'gRPC A5',
    over: 'grpc',
    assumed: 'in the trailers',
    probe: async (scene) => {
      const { trailers } = await scene.grpc.call('counts', {});
      return trailers['grpc-status'] === undefined ? 'not in the trailers' : 'in the trailers';
    },
  },
  {
    name: 'grpc-answer-encoding',
    source: 'gRPC A7',
    over: 'grpc',
    assumed: ['none', 'identity', 'gzip'],
    probe: async (scene) => {
      const { headers } = await scene.grpc.call('stream', { per_page: 1000 });
      return headers['grpc-encoding'] ?? 'none';
    },
  },
  {
    name: 'grpc-unknown-field',
    source: 'gRPC A2',
    over: 'grpc',
    assumed: 'gRPC 0, passed over',
    probe: async (scene) => {
      // field 999 as a number, which no version of the message has
      const { grpc, bytes } = await scene.grpc.sendInApp('GetInputCount', (userAppId) =>
        Buffer.concat([
          toBinary(GetInputCountRequestSchema, create(GetInputCountRequestSchema, { userAppId })),
          Buffer.from([0xb8, 0x3e, 0x01]),
        ]),
      );
      return `gRPC ${grpc ?? 'none'}, ${bytes.length > 0 ? 'passed over' : 'refused'}`;
    },
  },
  {
    name: 'grpc-alpn',
    source: 'gRPC A7',
    over: 'grpc',
    assumed: 'h2',
    probe: async (scene) => {
      const protocol = await scene.grpc.protocol();
      if (protocol === 'h2c') throw new NotTriedError('the API base is plain http');
      return protocol;
    },
  },
];
