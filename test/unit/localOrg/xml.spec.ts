import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import {
  insertEach,
  insertRawElement,
  removeElements,
  setElement,
} from '../../../local-org/src/components/editComponent.js';
import { parseXml, positionOf } from '../../../local-org/src/xml.js';

const texts = fc.constantFrom('', 'a', ' \r\n ', '&amp;&#233;', '<![CDATA[<x>]]>', '<!-- <a> -->', 'é😀');
const element = fc
  .tuple(
    fc.constantFrom('a', 'b', 'p:c'),
    fc.constantFrom('', ' k="1>2"', "\n  k='v'"),
    fc.oneof(texts, fc.constant('<d><a/></d>')),
  )
  .map(([name, attributes, content]) => ({
    name: name.replace('p:', ''),
    raw: content === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${content}</${name} >`,
  }));
const documents = fc
  .tuple(
    fc.constantFrom('', '\uFEFF', '<?xml version="1.0"?>\r\n<!-- <r> -->'),
    fc.array(fc.tuple(element, texts)),
  )
  .map(([start, parts]) => ({
    elements: parts.map(([part]) => part),
    text: `${start}<r xmlns:p="u">${parts.map(([part, gap]) => part.raw + gap).join('')}</r>\n`,
  }));

describe("the local org's XML", () => {
  it('finds the exact position of every element', () => {
    fc.assert(
      fc.property(documents, ({ text, elements }) => {
        const found = parseXml(text).children.map(({ name, start, end }) => ({
          name,
          raw: text.slice(start, end),
        }));
        assert.deepEqual(found, elements);
      }),
    );
  });

  for (const text of [
    '',
    '{}',
    '<r>',
    '<r/>x',
    '<r/><r/>',
    '<r></q>',
    '<r>&foo;</r>',
    '<!DOCTYPE r><r/>',
    '<p:r/>',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseXml(text), { name: 'XmlError' });
    });
  }

  it('refuses more than 32 levels', () => {
    const nested = (levels: number) => '<r>'.repeat(levels) + '</r>'.repeat(levels);
    assert.equal(parseXml(nested(32)).name, 'r');
    assert.throws(() => parseXml(nested(33)), { message: 'more than 32 levels of elements' });
  });

  it('counts lines and columns from 1 with any kind of line break', () => {
    assert.deepEqual(positionOf('a\r\nb\rc\n d', 8), { line: 4, column: 2 });
  });

  const file = '<r>\n    <b>1</b>\n    <d/>\n</r>\n';
  for (const [what, actual, expected] of [
    ['sets a text', setElement(file, 'b', 'x<y'), file.replace('>1<', '>x&lt;y<')],
    ['sets the text of an empty tag', setElement(file, 'd', '2'), file.replace('<d/>', '<d>2</d>')],
    ['inserts between', setElement(file, 'c', '2'), file.replace('</b>\n', '</b>\n    <c>2</c>\n')],
    ['inserts first', setElement(file, 'a', '2'), file.replace('    <b>', '    <a>2</a>\n    <b>')],
    [
      'inserts several where each belongs',
      insertEach(file, ['e', 'a', 'c', 'bb'], '2'),
      '<r>\n    <a>2</a>\n    <b>1</b>\n    <bb>2</bb>\n    <c>2</c>\n    <d/>\n    <e>2</e>\n</r>\n',
    ],
    [
      'inserts several into an empty root',
      insertEach('<p:r xmlns:p="u"/>', ['b', 'a'], ''),
      '<p:r xmlns:p="u"><p:a></p:a><p:b></p:b></p:r>',
    ],
    ['inserts into an empty root', insertRawElement('<r/>', 'a', '<a/>'), '<r><a/></r>'],
    ['removes with the line', removeElements(file, (name) => name === 'b'), '<r>\n    <d/>\n</r>\n'],
  ] as const) {
    it(what, () => {
      assert.equal(actual, expected);
    });
  }
});
