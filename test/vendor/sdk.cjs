// A program as a user of the vendor's SDK writes it: node sdk.cjs BASE FOLDER
const { readFileSync, readdirSync } = require('node:fs');
const { join } = require('node:path');
const { Input } = require('clarifai-nodejs');

const [base, folder] = process.argv.slice(2);

async function main() {
  const app = new Input({ authConfig: { userId: 'me', appId: 'sdk', pat: 'key', base } });
  const files = readdirSync(folder).map((name, index) =>
    Input.getInputFromBytes({
      inputId: `file${index}`,
      imageBytes: readFileSync(join(folder, name)),
      labels: ['photo'],
      metadata: { name },
    }),
  );
  const urls = [0, 1, 2].map((index) =>
    Input.getInputFromUrl({ inputId: `url${index}`, imageUrl: `https://example.com/${index}.jpg`, labels: ['web'] }),
  );
  // it polls the add job of each batch, and returns once all inputs are processed
  await app.bulkUpload({ inputs: [...files, ...urls], batchSize: 4 });
  await app.patchInputs({
    inputs: [Input.getInputFromUrl({ inputId: 'url0', imageUrl: 'https://example.com/0.jpg', labels: ['more'] })],
    action: 'merge',
  });
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
