import { texts } from '../../src/core/rows/text-decoder.js';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { codeOf, countsOf, decodeInput, inputOf, inputsOf, statusOf } from '../../src/api/answers.js';
import { isObject, type JsonObject } from '../../src/wire/json.js';
import { retryDelayMs } from '../../src/api/policy/retry.js';
import { parseHttpDate } from '../../src/api/network/http-date.js';
import { retryAfterMs } from '../../src/api/network/verdict.js';
import { slugId } from '../../src/core/ids/make-id.js';
import { isValidId } from '../../src/core/ids/id-rules.js';
import { numberedLines } from '../../src/core/rows/lines.js';
import { conceptText, parseConcept, parseGeo, parseMeta, parseMetadata } from '../../src/core/model/payload.js';
import { rows } from '../../src/core/rows/rows.js';
import { onlyFields } from '../../src/core/rows/row-fields.js';
import type { Row, RowSchema } from '../../src/core/rows/schema.js';
import { matchesAll, parseWhere } from '../../src/core/read/selectors.js';
import { CliError } from '../../src/errors.js';
import { sanitizeForTerminal, safeJson, shellWord } from '../../src/render/text.js';

// What comes from outside may be anything: a parser reads it, or says what is wrong as an error for its user

/** Any text: ordinary, of any code unit, and of what parsers stumble over. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc
    .array(
      fc.constantFrom(
        '"',
        "'",
        ',',
        ';',
        '=',
        '0',
        '1',
        '\n',
        '\r',
        '\ufeff',
        '\0',
        '{',
        '}',
        '[',
        ']',
        '-',
        'é',
        '\u202e',
        '\ud800',
        '__proto__',
        '.',
        '/',
        '!',
        '*',
      ),
    )
    .map((parts) => parts.join('')),
);
const anyJson = fc.oneof(fc.json(), anyText);

/** Reads it, or throws an error that is meant for a user and names what is wrong on one line. */
function readOrTold(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof CliError, `a ${String(error)} is not a CliError`);
    assert.notEqual(error.message, '');
  }
}

test('a concept is read as it is spelled, or refused', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      readOrTold(() => {
        const { id, value } = parseConcept(text);
        assert.deepEqual(parseConcept(conceptText(id, value ?? 1)), { id, value });
      });
    }),
  );
});

test('geo is two numbers on earth, or refused', () => {
  const number = fc.oneof(fc.double(), fc.integer()).map(String);
  fc.assert(
    fc.property(
      fc.oneof(
        anyText,
        fc.tuple(number, number).map((pair) => pair.join(',')),
      ),
      (text) => {
        readOrTold(() => {
          const { longitude, latitude } = parseGeo(text).geo_point;
          assert.ok(Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90);
        });
      },
    ),
  );
});

test('metadata is a JSON object, or refused, and no key of it is special', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        anyJson,
        fc
          .dictionary(fc.constantFrom('__proto__', 'constructor', 'a'), fc.jsonValue())
          .map((one) => JSON.stringify(one)),
      ),
      (text) => {
        readOrTold(() => {
          const read = parseMetadata(text, '--metadata');
          assert.ok(isObject(read));
          assert.equal(JSON.stringify(read), JSON.stringify(JSON.parse(text)));
        });
      },
    ),
  );
  assert.equal(Object.hasOwn(parseMetadata('{"__proto__":{"polluted":true}}', 'x'), '__proto__'), true);
  assert.equal('polluted' in {}, false);
});

test('JSON nested a hundred thousand deep is refused', () => {
  const deep = '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000);
  readOrTold(() => parseMetadata(deep, '--metadata'));
  assert.throws(() => parseMetadata('{"a":'.repeat(200) + '1' + '}'.repeat(200), '--metadata'), CliError);
});

test('--meta and --where read KEY=VALUE, or say what they take', () => {
  fc.assert(
    fc.property(
      anyText,
      fc.constantFrom('', 'status=', 'concept=', 'meta.', 'meta.a=', 'type=', 'since=', 'until=', 'untagged='),
      (text, start) => {
        readOrTold(() => parseMeta(text));
        readOrTold(() => {
          const selector = parseWhere(start + text, 0);
          assert.equal(typeof matchesAll([selector], decodeInput({})), 'boolean');
        });
      },
    ),
  );
});

test('a selector looks at any input, however odd', () => {
  const selectors = [
    'status=ok',
    'concept=dog',
    'concept=dog=0',
    'meta.a=1',
    'type=image',
    'since=2h',
    'untagged=true',
  ];
  fc.assert(
    fc.property(fc.jsonValue(), (data) => {
      for (const input of [
        { data },
        { data: { concepts: data, metadata: data } },
        { status: data, created_at: data },
      ]) {
        const decoded = inputOf({ input: jsonOf(input) });
        if (decoded !== undefined) for (const text of selectors) parseWhere(text, 0).matches(decoded);
      }
    }),
  );
});

test('an id made of any text is one that the service takes', () => {
  fc.assert(fc.property(anyText, (text) => isValidId(slugId(text))));
});

test('lines come out as they went in, wherever the chunks end', async () => {
  const line = anyText.map((text) => text.replaceAll(/[\r\n\ufeff\0]|[\ud800-\udfff]/gu, ''));
  await fc.assert(
    fc.asyncProperty(
      fc.array(line),
      fc.constantFrom('\n', '\r\n'),
      fc.integer({ min: 1, max: 7 }),
      async (all, end, size) => {
        const bytes = Buffer.from(all.map((one) => one + end).join(''));
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
          bytes.subarray(index * size, (index + 1) * size),
        );
        const read: string[] = [];
        for await (const { text } of numberedLines(texts(streamOf(chunks)))) read.push(text ?? '');
        assert.deepEqual(read, all);
      },
    ),
  );
});

test('of a line that is too long nothing is kept, and the next one has its number', async () => {
  const read = [];
  for await (const one of numberedLines(texts(streamOf([Buffer.from(`${'x'.repeat(10_000_000)}\nshort\n`)])), 100))
    read.push(one);
  assert.deepEqual(read, [
    { line: 1, text: undefined },
    { line: 2, text: 'short' },
  ]);
});

const schema = (name: string): RowSchema => ({
  name,
  required: ['id'],
  known: onlyFields(['id', 'concepts', 'metadata', 'geo']),
});

test('rows of NDJSON are read or named by their line, and one bad row spoils no other', async () => {
  const good = { id: 'good', concepts: ['dog=0'], geo: [1, 2] };
  const field = fc.constantFrom('id', 'concepts', 'metadata', 'geo', '__proto__', 'other');
  const bad = fc.oneof(
    anyJson,
    fc.dictionary(field, fc.jsonValue()).map((one) => JSON.stringify(one)),
  );
  await fc.assert(
    fc.asyncProperty(
      bad.filter((text) => !/[\n\r]/.test(text) && text.trim() !== ''),
      async (text) => {
        const read = await allRows(`${JSON.stringify(good)}\n${text}\n${JSON.stringify(good)}\n`, 'x.ndjson');
        assert.deepEqual(
          read.map(({ line }) => line),
          [1, 2, 3],
        );
        assert.deepEqual([read[0]?.problem, read[2]?.problem], [undefined, undefined]);
        assert.equal(read[0]?.fields.id, 'good');
      },
    ),
  );
});

test('cells of CSV come out as they went in, whatever is in them', async () => {
  const cell = anyText.map((text) => text.replaceAll(/[\ufffd\ufeff\0]|[\ud800-\udfff]/gu, '').trim());
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        cell.filter((text) => text !== '' && !text.includes('\r')),
        { minLength: 1 },
      ),
      fc.constantFrom('\n', '\r\n'),
      async (cells, end) => {
        const text = ['id', ...cells.map((one) => `"${one.replaceAll('"', '""')}"`)].map((one) => one + end).join('');
        const read = await allRows(text, 'x.csv');
        assert.deepEqual(
          read.map(({ fields: { id }, problem }) => ({ id, problem })),
          cells.map((id) => ({ id, problem: undefined })),
        );
      },
    ),
  );
});

test('CSV that is none is told, not thrown', async () => {
  await fc.assert(
    fc.asyncProperty(anyText, fc.constantFrom('id\n', 'id,concepts\r\n', ''), async (text, head) => {
      try {
        await allRows(head + text, 'x.csv');
      } catch (error) {
        assert.ok(error instanceof CliError, String(error));
      }
    }),
  );
});

test('Retry-After is a span from now, or nothing', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        anyText,
        fc.date().map((date) => date.toUTCString()),
        fc.integer().map(String),
      ),
      fc.nat(),
      (header, now) => {
        const ms = retryAfterMs(header, now);
        assert.ok(ms === undefined || ms >= 0);
        const delay = retryDelayMs(3, ms, 0.5);
        assert.ok(delay >= (ms ?? 0) && delay <= (ms ?? 0) + 4000);
      },
    ),
  );
});

test('each date is read as the one that was written', () => {
  const dates = fc.date({ min: new Date('1990-01-01'), max: new Date('2060-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(dates, (date) => {
      const ms = date.getTime() - date.getUTCMilliseconds();
      assert.equal(parseHttpDate(date.toUTCString(), Date.UTC(2026)), ms);
      const [day = '', number = '', month = '', year = '', time = ''] = date.toUTCString().split(/,? /);
      const asctime = `${day} ${month} ${number.replace(/^0/, ' ')} ${time} ${year}`;
      assert.equal(parseHttpDate(asctime, Date.UTC(2026)), ms);
    }),
  );
});

test('any answer of the service is read, whatever it holds', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      const body = { status: one, inputs: other, input: one, counts: other };
      const json = jsonOf(body);
      assert.equal(typeof statusOf(json).code, 'number');
      assert.ok(Number.isSafeInteger(codeOf(one)));
      for (const input of inputsOf(json) ?? []) assert.equal(typeof input.id, 'string');
      for (const count of Object.values(countsOf(json) ?? {})) assert.ok(Number.isSafeInteger(count));
    }),
  );
});

test('what a terminal shows holds nothing that could steer it, and JSON stays what it was', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      assert.doesNotMatch(sanitizeForTerminal(text), /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      assert.deepEqual(JSON.parse(safeJson({ text })), { text });
    }),
  );
});

test('a word that is printed for a shell is read back by one', () => {
  const words = fc
    .sample(anyText, 200)
    .map((text) => text.replaceAll('\0', ''))
    .filter((text) => Buffer.from(text).toString() === text);
  const read = execFileSync('sh', ['-c', `printf '%s\\0' ${words.map(shellWord).join(' ')}`]).toString('utf8');
  assert.deepEqual(read.split('\0').slice(0, -1), words);
});

/** As it would come from the service. */
function jsonOf(value: unknown): JsonObject {
  const json: unknown = JSON.parse(JSON.stringify(value));
  assert.ok(isObject(json));
  return json;
}

async function allRows(text: string, name: string): Promise<readonly Row[]> {
  const all: Row[] = [];
  for await (const row of rows(streamOf([Buffer.from(text)]), schema(name))) all.push(row);
  return all;
}

async function* streamOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield* chunks;
}
