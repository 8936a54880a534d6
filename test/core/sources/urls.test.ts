import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { addressProblem, readUrl } from '../../../src/core/sources/urls.js';

function urlOf(text: string, blanks: 'encode' | 'refuse' = 'encode'): string {
  const reading = readUrl(text, { blanks });
  return 'url' in reading ? reading.url : `problem: ${reading.problem}`;
}

test('blanks and letters are encoded once, and what is encoded stays', () => {
  assert.equal(urlOf('https://h.test/a b.jpg'), 'https://h.test/a%20b.jpg');
  assert.equal(urlOf(' https://h.test/a%20b.jpg?s=%2Fz%3D '), 'https://h.test/a%20b.jpg?s=%2Fz%3D');
  assert.equal(urlOf('HTTPS://H.test/副.png?q=ü#é'), 'HTTPS://H.test/%E5%89%AF.png?q=%C3%BC#%C3%A9');
  assert.equal(urlOf('https://münchen.test:8080/x'), 'https://xn--mnchen-3ya.test:8080/x');
  assert.equal(urlOf('https://ü:p@h.test/ä'), 'https://%C3%BC:p@h.test/%C3%A4');
  assert.equal(urlOf('https://h.test/a/../b//c?d={e}|f'), 'https://h.test/a/../b//c?d={e}|f');
});

test('a list refuses blanks, and all refuse control characters', () => {
  assert.match(urlOf('https://h.test/e.jpg cat', 'refuse'), /problem: a blank in a URL/);
  assert.match(urlOf('https://h.test/e.jpg\u00a0cat', 'refuse'), /problem: a blank in a URL/);
  assert.equal(urlOf('https://h.test/副.png', 'refuse'), 'https://h.test/%E5%89%AF.png');
  for (const control of ['\t', '\u0007', '\u0085', '\u007f']) {
    assert.match(urlOf(`https://h.test/f${control}g.jpg`), /problem: a URL with a control character/);
  }
});

test('a URL that is none is quoted, but not at full length', () => {
  const problem = urlOf(`data:image/png;base64,${'A'.repeat(2_000_000)}`);
  assert.match(problem, /is not an http:\/\/ or https:\/\/ URL/);
  assert.ok(problem.length < 300);
  assert.match(urlOf('https://'), /not a valid URL/);
  assert.match(urlOf('https://h.test/\ud800'), /not a valid URL/);
});

test('what comes out is ASCII without blanks that parses as what browsers make of it, and stays when read again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.webUrl({ withQueryParameters: true }), (text, base) => {
      const reading = readUrl(`${base}/${text}x`, { blanks: 'encode' });
      if (!('url' in reading)) {
        assert.match(`${base}/${text}`, /\p{Cc}/u);
        return;
      }
      assert.match(reading.url, /^[\x21-\x7e]+$/);
      assert.equal(new URL(reading.url).href, new URL(`${base}/${text}x`).href);
      assert.deepEqual(readUrl(reading.url, { blanks: 'refuse' }), reading);
    }),
  );
});

test('addresses of other schemes, and hosts without one, are told from paths', () => {
  assert.match(
    addressProblem('ftp://h.test/a.jpg') ?? '',
    /^ftp: addresses cannot be added; supported are paths, http/,
  );
  assert.match(addressProblem('s3://b/a.jpg') ?? '', /^s3: addresses .*only supported as arguments/);
  assert.match(addressProblem('data:image/png;base64,AAAA') ?? '', /^data: addresses/);
  assert.match(addressProblem('www.example.com/cat.jpg') ?? '', /write https:\/\/www\.example\.com\/cat\.jpg/);
  for (const path of ['a.jpg', './a.b/c', 'C:\\x.jpg', 'x:y', 'photos/cat.jpg'])
    assert.equal(addressProblem(path), undefined);
});
