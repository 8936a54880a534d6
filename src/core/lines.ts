/** The lines of a stream of text, as they come; LF and CRLF end a line, blank ones are left out. */
export async function* lines(stream: AsyncIterable<string | Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    rest += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    const complete = rest.split('\n');
    rest = complete.pop() ?? '';
    for (const line of complete) yield* filled(line);
  }
  yield* filled(rest + decoder.decode());
}

function* filled(line: string): Generator<string> {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  if (text.trim() !== '') yield text;
}
