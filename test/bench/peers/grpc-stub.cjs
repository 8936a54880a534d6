// The vendor's gRPC client, by its dynamic stub.
const { readFileSync, readdirSync } = require('node:fs');
const { join } = require('node:path');
const process = require('node:process');
const { ClarifaiStub, grpc } = require('clarifai-nodejs-grpc');

const [port, folder, perBatch] = [process.argv[2], process.argv[3], Number(process.argv[4])];
const limits = { 'grpc.max_receive_message_length': 2 ** 30, 'grpc.max_send_message_length': 2 ** 30 };
// its own addresses are fixed; its class is not
const Stub = ClarifaiStub.insecureGrpc().constructor;
const stub = new Stub(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), limits);
const metadata = new grpc.Metadata();
metadata.set('authorization', 'Key bench');
const names = readdirSync(folder);

const post = (inputs) =>
  new Promise((resolve, reject) => {
    stub.PostInputs({ inputs }, metadata, (error) => (error ? reject(error) : resolve()));
  });

(async () => {
  for (let from = 0; from < names.length; from += perBatch) {
    const batch = names.slice(from, from + perBatch);
    await post(batch.map((name) => ({ id: name, data: { image: { base64: readFileSync(join(folder, name)) } } })));
  }
  stub.close();
})().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
  stub.close();
});
