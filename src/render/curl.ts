import type { JsonObject } from '../wire/messages.js';
import { safeJson, shellWord } from './text.js';

/** JSON has no line like this of its own: it is one line that begins with a brace. */
const end = 'END_OF_BODY';

/**
 * A request as a command of `sh`. The body comes through stdin, since an argument holds 128 KiB at most; the key is
 * a variable, which nobody has to write down.
 */
export function curlCommand(method: string, url: string, body?: JsonObject): string {
  const head = `curl -sS -X ${method} -H "Authorization: Key $CLARIFAI_PAT"`;
  if (body === undefined) return `${head} ${shellWord(url)}\n`;
  const rest = `-H 'Content-Type: application/json' --data-binary @- ${shellWord(url)}`;
  return `${head} ${rest} <<'${end}'\n${safeJson(body)}\n${end}\n`;
}
