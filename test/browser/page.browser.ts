import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test, type TestContext } from 'node:test';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { JsonObject } from '../../src/wire/json.js';
import { gif, raw, type Raw } from '../sandbox/raw-http.js';
import { openChromium } from './chromium.js';

let browser: Browser;

before(async () => {
  browser = await openChromium();
});

after(() => browser.close());

interface Scene {
  readonly page: Page;
  readonly world: Raw;
  /** The tokens of what the page tried to load from elsewhere, and of what its policy stopped. */
  readonly wrongs: readonly string[];
}

/** A sandbox whose clock stands still, with inputs in it and its page open. */
async function open(
  t: TestContext,
  inputs: readonly JsonObject[] = [],
  options: BrowserContextOptions = {},
): Promise<Scene> {
  const world = await raw(t);
  await add(world, inputs);
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, ...options });
  t.after(() => page.close());
  const wrongs: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(world.url) && !request.url().startsWith('data:')) wrongs.push(request.url());
  });
  page.on('console', (message) => {
    if (/policy|refused/i.test(message.text())) wrongs.push(message.text());
  });
  page.on('pageerror', (error) => wrongs.push(String(error)));
  page.on('dialog', (dialog) => wrongs.push(dialog.message()));
  await page.goto(world.url);
  return { page, world, wrongs };
}

async function add({ call }: Raw, inputs: readonly JsonObject[], prefix = '/v2'): Promise<void> {
  for (let at = 0; at < inputs.length; at += 128) {
    const { http, body } = await call('POST', `${prefix}/inputs`, { inputs: inputs.slice(at, at + 128) });
    assert.equal(http, 200, JSON.stringify(body));
  }
}

function picture(id: string, data: JsonObject = {}): JsonObject {
  return { id, data: { image: { base64: gif }, ...data } };
}

/** `n-1` to `n-COUNT`, in this order. */
function pictures(count: number): readonly JsonObject[] {
  return Array.from({ length: count }, (_, at) => picture(`n-${at + 1}`, { metadata: { number: `no ${at + 1}.` } }));
}

function fixture(name: string): string {
  return readFileSync(new URL(`../fixtures/${name}`, import.meta.url)).toString('base64');
}

/** Waits until the page says so many inputs. */
async function counted(page: Page, text: string): Promise<void> {
  await page.locator('#summary').getByText(text, { exact: true }).waitFor();
}

function cardOf(page: Page, id: string): Locator {
  return page.locator('.card', { has: page.getByRole('button', { name: id, exact: true }) });
}

/** The ids on the screen, in the order of the document. */
function ids(page: Page): Promise<readonly string[]> {
  return page.locator('.card .id').allTextContents();
}

function focused(page: Page): Promise<string | undefined> {
  return page.evaluate(() => document.activeElement?.textContent);
}

test('inputs are drawn newest first, and each status as it comes', async (t) => {
  const { page, world, wrongs } = await open(t, [picture('a'), { id: 'b', data: { image: { base64: 'AAAA' } } }]);
  await counted(page, '2 inputs');
  assert.deepEqual(await ids(page), ['b', 'a']);
  const a = cardOf(page, 'a');
  const b = cardOf(page, 'b');
  await a.getByText('○Download pending30001').waitFor();
  world.clock.ms += 750;
  await a.getByText('◐Download in progress30003').waitFor();
  await page.locator('.chip', { hasText: 'Download in progress' }).getByText('2').waitFor();
  world.clock.ms += 750;
  await a.getByText('✓Download complete30000').waitFor();
  await b.getByText('✕Input image format unsupported30101').waitFor();
  await add(world, [picture('c')]);
  await counted(page, '3 inputs');
  assert.deepEqual(await ids(page), ['c', 'b', 'a']);
  assert.deepEqual(wrongs, []);
});

test('a card tells present from absent in words, and the time in the zone of its reader', async (t) => {
  const concepts = [{ id: 'cat' }, { id: 'dog', value: 0 }, { id: 'fox', value: 0.4 }];
  const options = { locale: 'de-DE', timezoneId: 'Asia/Tokyo' };
  const { page } = await open(t, [picture('a', { concepts, metadata: { at: { lat: 1 } } })], options);
  await counted(page, '1 input');
  assert.deepEqual(await page.locator('.concept').allTextContents(), ['cat', 'not dog', 'not fox 0.4']);
  assert.equal(await page.locator('.metadata').textContent(), 'at {"lat":1}  ');
  const time = page.locator('.card time');
  assert.equal(await time.textContent(), '2024-01-02');
  assert.equal(await time.getAttribute('title'), '2024-01-02 12:04:05 +09:00');
  assert.equal(await time.getAttribute('datetime'), '2024-01-02T03:04:05.678Z');
});

test('/ leads to the filter, what is typed filters, and Escape clears all of it', async (t) => {
  const concepts = [{ id: 'even' }];
  const { page } = await open(t, [...pictures(30), picture('other', { concepts }), picture('more', { concepts })]);
  await counted(page, '32 inputs');
  await page.keyboard.press('/');
  await page.keyboard.type('NO 1');
  await counted(page, '12 of 32 inputs');
  assert.equal(await page.locator('#text').inputValue(), 'NO 1');
  await page.keyboard.type('2.');
  await counted(page, '1 of 32 inputs');
  assert.deepEqual(await ids(page), ['n-12']);
  assert.match(page.url(), /\?text=NO\+12\.$/);
  await page.reload();
  await counted(page, '1 of 32 inputs');
  await page.keyboard.press('Escape');
  await counted(page, '32 inputs');
  assert.equal(new URL(page.url()).search, '');
  await page.locator('#concept').selectOption('even');
  await counted(page, '2 of 32 inputs');
  await page.locator('.chip', { hasText: 'Download pending' }).click();
  await page.waitForURL(/status=30001&concept=even/);
  await counted(page, '2 of 32 inputs');
  await page.locator('#text').fill('nothing of this name');
  await page.getByText('No input matches').waitFor();
  await page.keyboard.press('Escape');
  await counted(page, '32 inputs');
  assert.equal(await page.locator('.chip[aria-pressed=true]').count(), 0);
  assert.equal(await page.locator('#concept').inputValue(), '');
});

test('keys lead into the cards from the first one on', async (t) => {
  const { page } = await open(t, pictures(30));
  await counted(page, '30 inputs');
  await page.keyboard.press('ArrowRight');
  assert.equal(await focused(page), 'n-30');
  await page.keyboard.press('ArrowRight');
  assert.equal(await focused(page), 'n-29');
  await page.reload();
  await counted(page, '30 inputs');
  await page.keyboard.press('End');
  assert.equal(await focused(page), 'n-1');
  await page.reload();
  await counted(page, '30 inputs');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByText('"number": "no 30."').waitFor();
});

test('after Escape the keys are those of the page again', async (t) => {
  const { page } = await open(t, pictures(3));
  await counted(page, '3 inputs');
  for (const typed of ['no 2', '']) {
    await page.keyboard.press('/');
    await page.keyboard.type(typed);
    if (typed !== '') await counted(page, '1 of 3 inputs');
    await page.keyboard.press('Escape');
    await counted(page, '3 inputs');
    await page.keyboard.press('/');
    assert.equal(await page.locator('#text').inputValue(), '');
    await page.keyboard.press('Escape');
  }
  await page.keyboard.press('ArrowDown');
  assert.equal(await focused(page), 'n-3');
});

test('what failed stands out, its chip comes first, and a chip without inputs is hidden', async (t) => {
  const { page, world } = await open(t, [picture('good'), { id: 'bad', data: { image: { base64: 'AAAA' } } }]);
  const chips = (): Promise<readonly string[]> => page.locator('.chip:visible .code').allTextContents();
  await counted(page, '2 inputs');
  assert.deepEqual(await chips(), ['30001']);
  world.clock.ms += 1500;
  await cardOf(page, 'bad').getByText('30101').waitFor();
  assert.deepEqual(await chips(), ['30101', '30000']);
  const styles = (id: string): Promise<readonly string[]> =>
    cardOf(page, id).evaluate((card) => [getComputedStyle(card).backgroundColor, getComputedStyle(card).borderColor]);
  const [good, bad] = [await styles('good'), await styles('bad')];
  for (const [at, colour] of good.entries()) assert.notEqual(colour, bad[at]);
  await page.locator('.chip', { hasText: '30000' }).click();
  await world.call('DELETE', '/v2/inputs/good');
  world.clock.ms += 300;
  await page.getByText('No input matches').waitFor();
  assert.deepEqual(await chips(), ['30101', '30000']);
});

test('one app of several can be chosen, and cards say whose they are only without that', async (t) => {
  const { page, world } = await open(t, pictures(2));
  await counted(page, '2 inputs');
  assert.equal(await page.locator('#app').isVisible(), false);
  await add(world, [picture('other')], '/v2/users/jo/apps/x');
  await page.locator('.app', { hasText: 'jo/x' }).waitFor();
  await page.locator('#app').selectOption({ label: 'jo/x (1)' });
  await counted(page, '1 of 3 inputs');
  assert.deepEqual(await ids(page), ['other']);
  assert.equal(await page.locator('.app', { hasText: 'jo/x' }).count(), 0);
  assert.match(await page.title(), /in jo\/x/);
  await page.reload();
  await counted(page, '1 of 3 inputs');
  await page.keyboard.press('Escape');
  await counted(page, '3 inputs');
});

test('the details have a row for each key of the metadata, in full, and copy the id', async (t) => {
  const long = 'x'.repeat(500);
  const metadata = { path: 'summer/beach.jpg', note: long, at: { lat: 1 }, k4: '4', k5: '5', k6: '6', k7: '7' };
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  t.after(() => context.close());
  const world = await raw(t);
  await add(world, [picture('the-id', { metadata })]);
  const page = await context.newPage();
  await page.goto(world.url);
  await page.getByRole('button', { name: 'beach.jpg' }).click();
  const dialog = page.getByRole('dialog', { name: 'beach.jpg' });
  await dialog.getByText('k7', { exact: true }).waitFor();
  const rows = dialog.locator('.metadata-rows');
  assert.deepEqual(await rows.locator('dt').allTextContents(), Object.keys(metadata));
  assert.deepEqual((await rows.locator('dd').allTextContents()).slice(0, 3), ['summer/beach.jpg', long, '{"lat":1}']);
  await dialog.getByRole('button', { name: 'Copy the ID' }).click();
  await dialog.getByText('Copied').waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'the-id');
});

test('the keys walk the cards, open one, step to the next, and come back', async (t) => {
  const { page, world } = await open(t, pictures(400));
  await counted(page, '400 inputs');
  await page.keyboard.press('/');
  await page.keyboard.press('ArrowDown');
  assert.equal(await focused(page), 'n-400');
  await page.keyboard.press('ArrowRight');
  assert.equal(await focused(page), 'n-399');
  const columns = Number(await page.locator('#list').evaluate((list) => list.style.getPropertyValue('--columns')));
  await page.keyboard.press('ArrowDown');
  assert.equal(await focused(page), `n-${399 - columns}`);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  assert.equal(await focused(page), 'n-400');
  await page.keyboard.press('End');
  await page.waitForFunction(() => document.activeElement?.textContent === 'n-1');
  const last = page.locator('.card', { has: page.locator(':focus') });
  assert.equal(await last.getAttribute('aria-posinset'), '400');
  assert.equal(await last.getAttribute('aria-setsize'), '400');
  assert.notEqual(await last.evaluate((card) => getComputedStyle(card).outlineStyle), 'none');
  assert.equal(await page.locator('.card .id[tabindex="0"]').count(), 1);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByText('"number": "no 2."').waitFor();
  await page.keyboard.press('ArrowLeft');
  await dialog.getByText('"number": "no 3."').waitFor();
  world.clock.ms += 1500;
  await dialog.getByText('✓Download complete30000').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  // the focus follows with the next drawing
  for (let tries = 0; (await focused(page)) !== 'n-3' && tries < 40; tries += 1) await page.waitForTimeout(50);
  assert.equal(await focused(page), 'n-3');
});

test('an input that is deleted while it has the focus goes, and the keys go on from its place', async (t) => {
  const { page, world } = await open(t, pictures(3));
  await counted(page, '3 inputs');
  await page.getByRole('button', { name: 'n-2' }).focus();
  await world.call('DELETE', '/v2/inputs/n-2');
  world.clock.ms += 300;
  await counted(page, '2 inputs');
  await page.keyboard.press('ArrowLeft');
  assert.equal(await focused(page), 'n-3');
  await cardOf(page, 'n-2').waitFor({ state: 'detached' });
  assert.deepEqual(await ids(page), ['n-3', 'n-1']);
});

test('of thousands of inputs those on the screen are drawn, wherever that is', async (t) => {
  const { page } = await open(t, pictures(2000));
  await counted(page, '2,000 inputs');
  for (const share of [0.5, 1, 0.25]) {
    await page.evaluate((part) => {
      scrollTo(0, part * document.documentElement.scrollHeight);
    }, share);
    await page.waitForFunction(() => {
      const seen = document.elementFromPoint(700, 500)?.closest('.card');
      return seen !== null && seen !== undefined && !seen.classList.contains('blank');
    });
    assert.ok((await page.locator('.card').count()) < 150);
  }
});

test('what is added holds still for a reader further down, and is a key away', async (t) => {
  const { page, world } = await open(t, pictures(200));
  await counted(page, '200 inputs');
  await page.evaluate(() => {
    scrollTo(0, 1500);
  });
  const seen = (): Promise<string | null | undefined> =>
    page.evaluate(() => document.elementFromPoint(700, 500)?.closest('.card')?.querySelector('.id')?.textContent);
  await page.waitForFunction(() => document.querySelector('.blank') === null);
  const former = await seen();
  await add(world, [picture('late-1'), picture('late-2')]);
  const newer = page.getByRole('button', { name: '↑ 2 newer' });
  await newer.waitFor();
  assert.equal(await seen(), former);
  await newer.press('Enter');
  await page.getByRole('button', { name: 'late-2' }).waitFor();
  await newer.waitFor({ state: 'hidden' });
  assert.equal(await page.evaluate(() => scrollY), 0);
});

test('markup in ids, concepts, metadata, addresses and names of apps is shown as text', async (t) => {
  const markup = `"><img src=x onerror="alert(1)"><script>alert(2)</script>`;
  const url = 'https://elsewhere.example/<svg onload=alert(3)>.jpg';
  const { page, world, wrongs } = await open(t, [
    picture('a', { concepts: [{ id: markup }], metadata: { [markup]: markup } }),
    { id: 'b', data: { image: { url } } },
  ]);
  await add(world, [picture('c')], `/v2/users/${encodeURIComponent(markup)}/apps/x`);
  // The sandbox takes no such id; the page does not rely on that
  await page.route('**/page/inputs?*', async (route) => {
    const answer = await (await route.fetch()).text();
    await route.fulfill({
      body: answer.replace(/"(id|title)":"c"/g, (_, name) => `"${name}":${JSON.stringify(markup)}`),
    });
  });
  await page.reload();
  await counted(page, '3 inputs');
  await page.locator('.id').getByText(markup).waitFor();
  assert.equal(await page.locator('.concept').textContent(), markup);
  assert.equal(await page.locator('.metadata', { hasText: 'img' }).textContent(), `${markup} ${markup}  `);
  await page.locator('.app').getByText(`${markup}/x`).waitFor();
  await page.locator('.note').getByText(url).waitFor();
  await page.locator('#concept').selectOption(markup);
  await counted(page, '1 of 3 inputs');
  await page.locator('.id').click();
  await page.getByRole('dialog').locator('pre').getByText(JSON.stringify(markup)).waitFor();
  assert.equal(await page.locator('img:not([src^="/media/"]), svg, body script').count(), 0);
  assert.deepEqual(wrongs, []);
});

test('the policy stops a script, a style and markup that would get into the page after all', async (t) => {
  const { page } = await open(t);
  const stopped = await page.evaluate(async () => {
    const events: string[] = [];
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => events.push(effectiveDirective));
    for (const [name, attribute, value] of [
      ['script', 'textContent', 'document.title = "hit"'],
      ['b', 'innerHTML', '<img src=x onerror="document.title = 1">'],
    ] as const) {
      const element = document.createElement(name);
      try {
        element[attribute] = value;
        document.body.append(element);
      } catch {
        events.push(name);
      }
    }
    const style = document.createElement('style');
    style.textContent = 'body { display: none }';
    const image = new Image();
    image.src = 'http://127.0.0.1:9/x.png';
    document.head.append(style, image);
    await new Promise<void>((resolve) => {
      const last = ['img-src', 'style-src-elem'];
      document.addEventListener('securitypolicyviolation', () => {
        if (last.every((name) => events.includes(name))) resolve();
      });
    });
    return [...new Set(events)].sort();
  });
  assert.deepEqual(stopped, ['b', 'img-src', 'require-trusted-types-for', 'script', 'style-src-elem']);
  assert.match(await page.title(), /sandbox/);
});

test('each kind of media is shown as what it is, and what cannot be shown says so', async (t) => {
  const { page, wrongs } = await open(t, [
    picture('fine'),
    { id: 'broken', data: { image: { base64: fixture('bad/half.png') } } },
    { id: 'scan', data: { image: { base64: fixture('photos/mountain/alpine lake.tiff') } } },
    { id: 'elsewhere', data: { image: { url: 'https://pictures.example/x.jpg' } } },
    { id: 'words', data: { text: { raw: 'Call me <b>Ishmael</b>.' } } },
    { id: 'sound', data: { audio: { base64: fixture('media/tone.mp3') } } },
    { id: 'film', data: { video: { base64: fixture('media/clip.mp4') } } },
  ]);
  await cardOf(page, 'broken').getByText('cannot be shown here').waitFor();
  await cardOf(page, 'scan').getByText('TIFF: browsers cannot show it').waitFor();
  await cardOf(page, 'elsewhere').getByText('https://pictures.example/x.jpg').waitFor();
  await cardOf(page, 'words').getByText('Call me <b>Ishmael</b>.').waitFor();
  assert.equal(await cardOf(page, 'sound').locator('audio').getAttribute('preload'), 'none');
  assert.equal(await cardOf(page, 'film').locator('video').getAttribute('preload'), 'none');
  const image = cardOf(page, 'fine').locator('img');
  assert.equal(await image.getAttribute('loading'), 'lazy');
  assert.equal(await image.getAttribute('alt'), 'fine');
  await page.waitForFunction(() => document.querySelector('img')?.naturalWidth === 1);
  assert.deepEqual(wrongs, []);
});

test('an empty sandbox tells what to type, and a silent one that it is', async (t) => {
  const { page, world } = await open(t);
  const commands = await page.locator('#commands').textContent();
  assert.equal(
    commands,
    `export CLARIFAI_API_BASE=${world.url}\nexport CLARIFAI_PAT=sandbox\nclarifai-inputs add ./photos`,
  );
  assert.ok(await page.locator('#commands').isVisible());
  await add(world, [picture('a')]);
  await page.locator('#commands').waitFor({ state: 'hidden' });
  await world.close();
  await page.getByRole('alert').getByText('The sandbox does not answer').waitFor();
});

for (const width of [400, 1400]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`the page fits ${width} pixels and is legible in ${colorScheme} colours`, async (t) => {
      const options = { viewport: { width, height: 800 }, colorScheme };
      const { page } = await open(t, pictures(20), options);
      await counted(page, '20 inputs');
      const { overflow, colours } = await page.evaluate(() => {
        const shown = [...document.querySelectorAll('h1, #summary, .card .id, .status .code, .last time')];
        return {
          overflow: document.documentElement.scrollWidth - innerWidth,
          colours: shown.map((element) => getComputedStyle(element).color),
        };
      });
      assert.ok(overflow <= 0);
      const ground = await page.evaluate(() => getComputedStyle(document.querySelector('header')!).backgroundColor);
      for (const colour of colours) assert.ok(contrast(colour, ground) >= 4.5, `${colour} on ${ground}`);
      assert.equal(luminance(ground) > 0.5, colorScheme === 'light');
    });
  }
}

/** Source: WCAG 2.2, "relative luminance" and "contrast ratio". */
function luminance(rgb: string): number {
  const [r = 0, g = 0, b = 0] = (rgb.match(/[\d.]+/g) ?? []).map((text) => {
    const part = Number(text) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}
