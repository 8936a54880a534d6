// The vendor's gRPC client, by its generated google-protobuf classes.
const { readFileSync, readdirSync } = require('node:fs');
const { join } = require('node:path');
const process = require('node:process');
const grpc = require('@grpc/grpc-js');
const resources = require('clarifai-nodejs-grpc/proto/clarifai/api/resources_pb');
const service = require('clarifai-nodejs-grpc/proto/clarifai/api/service_pb');
const { V2Client } = require('clarifai-nodejs-grpc/proto/clarifai/api/service_grpc_pb');

const [port, folder, perBatch] = [process.argv[2], process.argv[3], Number(process.argv[4])];
const limits = { 'grpc.max_receive_message_length': 2 ** 30, 'grpc.max_send_message_length': 2 ** 30 };
const client = new V2Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), limits);
const metadata = new grpc.Metadata();
metadata.set('authorization', 'Key bench');
const names = readdirSync(folder);

function inputOf(name) {
  const image = new resources.Image();
  image.setBase64(readFileSync(join(folder, name)));
  const data = new resources.Data();
  data.setImage(image);
  const input = new resources.Input();
  input.setId(name);
  input.setData(data);
  return input;
}

const post = (request) =>
  new Promise((resolve, reject) => {
    client.postInputs(request, metadata, (error) => (error ? reject(error) : resolve()));
  });

(async () => {
  for (let from = 0; from < names.length; from += perBatch) {
    const request = new service.PostInputsRequest();
    request.setInputsList(names.slice(from, from + perBatch).map(inputOf));
    await post(request);
  }
  client.close();
})().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
  client.close();
});
