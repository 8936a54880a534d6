// Fetches every page, one after the other as a cursor demands, and throws it away.
import process from 'node:process';
import { request } from 'undici';

for (let page = 1; page <= 101; page += 1) {
  const { body } = await request(`${process.argv[2]}/v2/inputs?page=${page}&per_page=1000`);
  for await (const chunk of body) void chunk.length;
}
