import { readFileSync } from 'node:fs';
import { wireInput } from '../../api/rest/body.js';
import type { Candidate } from '../../core/model/steps.js';
import type { JsonObject } from '../../wire/json.js';
import { safeJson, shellWord } from '../text.js';

/** JSON has no line like this of its own: it is one line that begins with a brace. */
const end = 'END_OF_BODY';

/**
 * A request as a command of `sh`. The body comes through stdin, since an argument holds 128 KiB at most; the key is
 * a variable, which nobody has to write down.
 */
export function curlCommand(method: string, url: string, body?: JsonObject): string {
  if (body === undefined) return `curl -sS -X ${method} ${keyHeader} ${shellWord(url)}\n`;
  return `${curlLine(method)} ${shellWord(url)} <<'${end}'\n${safeJson(body)}\n${end}\n`;
}

const keyHeader = '-H "Authorization: Key $CLARIFAI_PAT"';

/** With a body from stdin. */
function curlLine(method: string): string {
  return `curl -sS -X ${method} ${keyHeader} -H 'Content-Type: application/json' --data-binary @-`;
}

/** Stands for a file's bytes while the JSON around them is made; no JSON of ours holds a bare control character. */
const bytesMark = '\u0000bytes\u0000';

/** Adding inputs as a command of `sh`: each file is encoded as it is sent, so that the command stays small. */
export function addCurl(url: string, candidates: readonly Candidate[]): string {
  const parts = candidates.map(inputParts);
  const body = [
    `printf %s '{"inputs":['`,
    ...parts.flatMap((part, at) => (at === 0 ? part : ['printf ,', ...part])),
    `printf %s ']}'`,
  ];
  return `{\n${body.map((line) => `  ${line}\n`).join('')}} | ${curlLine('POST')} ${shellWord(url)}\n`;
}

function inputParts({ input }: Candidate): readonly string[] {
  const { content } = input;
  if (content.at !== 'file') return [printfCommand(safeJson(wireInput(input, '')))];
  if (input.kind === 'text') return [printfCommand(safeJson(wireInput(input, readFileSync(content.path, 'utf8'))))];
  const [head = '', tail = ''] = safeJson(wireInput(input, bytesMark)).split(JSON.stringify(bytesMark).slice(1, -1));
  return [printfCommand(head), `base64 < ${shellWord(content.path)} | tr -d '\\n'`, printfCommand(tail)];
}

/** A builtin of every shell, which has no limit on its arguments. */
function printfCommand(text: string): string {
  return `printf %s ${shellWord(text)}`;
}
