import { maxPerPage } from '../wire/messages.js';
import type { Client } from './policy/delivery.js';
import { conceptsOf, type Concept } from './answers.js';
import { unexpected } from './rest/inputs.js';

/** Pages of `GET /concepts`: all concepts that the app has. Source: the proto's ListConcepts. */
export async function* conceptPages(client: Client): AsyncGenerator<readonly Concept[]> {
  for (let page = 1; ; page += 1) {
    const query = new URLSearchParams({ page: String(page), per_page: String(maxPerPage) });
    const answer = await client.send({ method: 'GET', path: `/concepts?${query.toString()}`, optional: true });
    const concepts = conceptsOf(answer.body) ?? unexpected(answer, 'has no concepts');
    if (concepts.length > 0) yield concepts;
    // a short page is the last one: the next would be empty
    if (concepts.length < maxPerPage) return;
  }
}
