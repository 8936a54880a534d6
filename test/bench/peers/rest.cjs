// The vendor's REST client, used as its page shows: each batch read, encoded, sent.
const { readFileSync, readdirSync } = require('node:fs');
const { join } = require('node:path');
const process = require('node:process');
const Clarifai = require('clarifai');

const [url, folder, perBatch] = [process.argv[2], process.argv[3], Number(process.argv[4])];
const app = new Clarifai.App({ apiKey: 'bench', apiEndpoint: url });
const names = readdirSync(folder);

(async () => {
  for (let from = 0; from < names.length; from += perBatch) {
    const batch = names.slice(from, from + perBatch);
    const inputs = batch.map((name) => ({
      id: name.replace('.jpg', ''),
      base64: readFileSync(join(folder, name)).toString('base64'),
    }));
    await app.inputs.create(inputs);
  }
})().catch((error) => {
  process.stderr.write(`${error?.message ?? JSON.stringify(error).slice(0, 300)}\n`);
  process.exitCode = 1;
});
