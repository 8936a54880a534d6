// A gRPC service that takes whatever comes without reading it. Prints its port; ends with its standard input.
const process = require('node:process');
const { Buffer } = require('node:buffer');
const grpc = require('@grpc/grpc-js');

const limits = { 'grpc.max_receive_message_length': 2 ** 30, 'grpc.max_send_message_length': 2 ** 30 };
const server = new grpc.Server(limits);
const postInputs = {
  path: '/clarifai.api.V2/PostInputs',
  requestStream: false,
  responseStream: false,
  requestSerialize: (bytes) => bytes,
  requestDeserialize: (bytes) => bytes.length,
  // an empty message: every field has its default
  responseSerialize: (bytes) => bytes,
  responseDeserialize: (bytes) => bytes,
};
server.addService({ PostInputs: postInputs }, { PostInputs: (_call, done) => done(null, Buffer.alloc(0)) });
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});
process.stdin.on('end', () => process.exit()).resume();
