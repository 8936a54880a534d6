/** Longer texts from outside would bury the message that quotes them. */
const maxQuotedChars = 200;
/** Characters kept of the end, which tells more of a path than its middle. */
const endChars = 60;

/** A message quotes several values at times, or a list of them. */
const maxMessageChars = 8000;

/** A message in which each value that has no blanks and is long keeps its beginning and its end. */
export function excerptWords(message: string): string {
  return excerpt(
    message.replaceAll(/\S{201,}/g, (word) => excerpt(word)),
    maxMessageChars,
  );
}

/** A text from outside as a message may quote it: what is long keeps its beginning and its end. */
export function excerpt(text: string, maxChars = maxQuotedChars): string {
  if (text.length <= maxChars) return text;
  const start = text.slice(0, maxChars - endChars - 1).replace(/[\ud800-\udbff]$/, '');
  const end = text.slice(-endChars).replace(/^[\udc00-\udfff]/, '');
  return `${start}…${end}`;
}
