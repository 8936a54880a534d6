import { inputBody, type View } from './answers.js';
import type { Reply } from './exchange.js';
import { appsOf, Queries } from './queries.js';
import type { Store } from './store.js';

const shownInputs = 60;

const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>clarifai-inputs sandbox</title>
<link rel="stylesheet" href="/page/style.css">
<script src="/page/script.js" defer></script>
</head>
<body>
<h1>Sandbox inputs</h1>
<p id="counts">No inputs yet.</p>
<ul id="inputs"></ul>
</body>
</html>
`;

const style = `body { font: 15px/1.4 system-ui, sans-serif; margin: 2rem; color-scheme: light dark; }
ul { list-style: none; padding: 0; display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); }
li { border: 1px solid #8886; border-radius: .4rem; padding: .6rem; overflow-wrap: anywhere; }
img { display: block; width: 100%; height: 8rem; object-fit: contain; }
.failed { color: #c33; }
`;

const script = `'use strict';
const list = document.querySelector('#inputs');
const counts = document.querySelector('#counts');
const line = (text, kind) => {
  const element = document.createElement('div');
  element.textContent = text;
  if (kind) element.className = kind;
  return element;
};
const item = ({ user, app, input }) => {
  const element = document.createElement('li');
  const image = input.data.image;
  if (image && image.url) {
    const picture = document.createElement('img');
    picture.src = image.url;
    picture.alt = input.id;
    picture.loading = 'lazy';
    picture.referrerPolicy = 'no-referrer';
    element.append(picture);
  }
  const failed = ![30000, 30001, 30003].includes(input.status.code);
  const tags = (input.data.concepts || []).map(({ name, value }) => (value ? name : 'not ' + name)).join(', ');
  element.append(line(input.id), line(user + '/' + app), line(input.status.description, failed && 'failed'), line(tags));
  return element;
};
let shown = '';
const refresh = async () => {
  try {
    const text = await (await fetch('/page/inputs')).text();
    if (text !== shown) {
      shown = text;
      const { total, inputs } = JSON.parse(text);
      counts.textContent = total === 0 ? 'No inputs yet.' : total + ' inputs, the newest first';
      list.replaceChildren(...inputs.map(item));
    }
  } catch {
    counts.textContent = 'The sandbox does not answer.';
    shown = '';
  }
  setTimeout(refresh, 1000);
};
refresh();
`;

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' http: https:; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const files: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['/', ['text/html; charset=utf-8', html]],
  ['/page/style.css', ['text/css; charset=utf-8', style]],
  ['/page/script.js', ['text/javascript; charset=utf-8', script]],
]);

/** The page at / and what it loads; undefined for any other path. */
export function pageReply(path: string, store: Store, view: View): Reply | undefined {
  if (path === '/page/inputs') {
    return { http: 200, contentType: 'application/json', content: JSON.stringify(newest(store, view)) };
  }
  const [contentType, content] = files.get(path) ?? [];
  if (contentType === undefined || content === undefined) return undefined;
  return { http: 200, contentType, content, headers: { 'Content-Security-Policy': policy } };
}

function newest(store: Store, view: View): object {
  const apps = appsOf(store).map((app) => new Queries(store, app, view.now));
  const inputs = apps
    .flatMap((queries) => queries.newest({ offset: 0, limit: shownInputs }))
    .sort((a, b) => b.seq - a.seq)
    .slice(0, shownInputs);
  return {
    total: apps.reduce((sum, queries) => sum + queries.total(), 0),
    inputs: inputs.map((input) => ({ ...input.app, input: inputBody(input, view) })),
  };
}
