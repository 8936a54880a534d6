// Adds an input and waits until it is indexed, with the vendor's client for Node (npm: clarifai-nodejs-grpc).
// Against the sandbox: clarifai-inputs sandbox --port 8000, then CLARIFAI_BASE=127.0.0.1:8000 CLARIFAI_PAT=sandbox node inputs.cjs
const { ClarifaiStub, grpc } = require('clarifai-nodejs-grpc');

const base = process.env.CLARIFAI_BASE ?? 'api.clarifai.com';
const V2 = ClarifaiStub.grpc(base).constructor;
const credentials = base.startsWith('127.0.0.1') ? grpc.credentials.createInsecure() : grpc.credentials.createSsl();
const stub = new V2(base, credentials);
const metadata = new grpc.Metadata();
metadata.set('authorization', `Key ${process.env.CLARIFAI_PAT}`);

async function ask(method, request) {
  const answer = await new Promise((resolve, reject) => {
    stub[method](request, metadata, (error, response) => (error ? reject(error) : resolve(response)));
  });
  if (answer.status.code !== 10000) throw new Error(`${answer.status.description} ${answer.status.details}`);
  return answer;
}

async function main() {
  const url = 'https://samples.clarifai.com/metro-north.jpg';
  const { inputs } = await ask('PostInputs', { inputs: [{ data: { image: { url, allow_duplicate_url: true } } }] });
  for (;;) {
    const { input } = await ask('GetInput', { input_id: inputs[0].id });
    console.log(`${input.id}: ${input.status.description}`);
    if (![30001, 30003].includes(input.status.code)) break;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  stub.close();
}

main();
