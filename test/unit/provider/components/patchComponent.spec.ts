import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  ComponentXmlError,
  elementText,
  parseComponent,
  patchComponent,
} from '../../../../provider/src/components/componentXml.js';
import { arbitraryFile, writeFile } from '../org/support/componentFiles.js';

type Edits = Record<string, string | undefined>;

function patch(xml: string, edits: Edits): string {
  return patchComponent(xml, new Map(Object.entries(edits)));
}

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
const global = `${declaration}<ExtlClntAppGlobalOauthSettings xmlns="http://soap.sforce.com/2006/04/metadata">
    <callbackUrl>https://a.example/cb
https://b.example/cb?x=1&amp;y=2</callbackUrl>
    <certificate>MIIB
QUJD</certificate>
    <!-- keep me -->
    <consumerKey>3MVG9</consumerKey>
    <externalClientApplication>portal</externalClientApplication>
    <idTokenConfig>
        <isNamedUserJwtEnabled>deeper</isNamedUserJwtEnabled>
    </idTokenConfig>
    <isDPopEnabled>false</isDPopEnabled>
    <isNamedUserJwtEnabled>false</isNamedUserJwtEnabled>
    <label><![CDATA[R&D]]></label>
    <zUnknown attribute='"'>?</zUnknown>
</ExtlClntAppGlobalOauthSettings>`;

describe('patchComponent', () => {
  describe('sets the text of an element and keeps every other character', () => {
    const table: [string, string, Edits, string][] = [
      [
        'in a file with comments, CDATA, entities and unknown elements',
        global,
        { isNamedUserJwtEnabled: 'true' },
        global.replace('<isNamedUserJwtEnabled>false<', '<isNamedUserJwtEnabled>true<'),
      ],
      ['on one line', '<R><a>1</a><b>2</b></R>', { a: '3' }, '<R><a>3</a><b>2</b></R>'],
      ['with CRLF', '<R>\r\n\t<a>1</a>\r\n</R>\r\n', { a: '2' }, '<R>\r\n\t<a>2</a>\r\n</R>\r\n'],
      ['after a byte order mark', '\uFEFF<R><a>1</a></R>', { a: '2' }, '\uFEFF<R><a>2</a></R>'],
      [
        'with prefixes',
        '<m:R xmlns:m="urn:m"><m:a>1</m:a></m:R>',
        { a: '2' },
        '<m:R xmlns:m="urn:m"><m:a>2</m:a></m:R>',
      ],
      ['that closes itself', '<R><a x=">"  /></R>', { a: '2' }, '<R><a x=">">2</a></R>'],
      ['that is empty', '<R><a></a></R>', { a: '2' }, '<R><a>2</a></R>'],
      [
        'with attributes and white space in its tags',
        `<R><a  x='>'\n>1</a ></R>`,
        { a: '2' },
        `<R><a  x='>'\n>2</a ></R>`,
      ],
      [
        'with comments inside',
        '<R><a><!--x-->1<!--y--></a></R>',
        { a: '2' },
        '<R><a><!--x-->2<!--y--></a></R>',
      ],
      ['in pieces', '<R><a> <!--x-->1<![CDATA[2]]>&amp;</a></R>', { a: '2' }, '<R><a><!--x-->2</a></R>'],
      ['written as CDATA', '<R><a><![CDATA[1]]></a></R>', { a: '2' }, '<R><a>2</a></R>'],
      ['to nothing', '<R><a>1</a></R>', { a: '' }, '<R><a></a></R>'],
      [
        'that has to be escaped',
        '<R><a>1</a></R>',
        { a: '<&>\r"]]>' },
        '<R><a>&lt;&amp;&gt;&#13;"]]&gt;</a></R>',
      ],
      ['several at once', '<R><b>1</b><a>1</a></R>', { a: '2', b: '3' }, '<R><b>3</b><a>2</a></R>'],
    ];
    for (const [where, before, edits, after] of table) {
      it(where, () => {
        assert.equal(patch(before, edits), after);
      });
    }
  });

  describe('inserts an element in alphabetical order, formatted like its neighbour', () => {
    const table: [string, string, Edits, string][] = [
      [
        'in ASCII order, in which capitals come first',
        '<R>\n    <isDPopEnabled>x</isDPopEnabled>\n    <isE>x</isE>\n</R>\n',
        { isDeviceFlowEnabled: 'true' },
        '<R>\n    <isDPopEnabled>x</isDPopEnabled>\n    <isDeviceFlowEnabled>true</isDeviceFlowEnabled>\n    <isE>x</isE>\n</R>\n',
      ],
      ['before the first one', '<R>\n\t<b/>\n</R>', { a: '1' }, '<R>\n\t<a>1</a>\n\t<b/>\n</R>'],
      ['after the last one', '<R>\n\t<b/>\n</R>', { c: '1' }, '<R>\n\t<b/>\n\t<c>1</c>\n</R>'],
      [
        'after the last smaller one of an unordered file',
        '<R>\n <c/>\n <a/>\n <d/>\n</R>',
        { b: '1' },
        '<R>\n <c/>\n <a/>\n <b>1</b>\n <d/>\n</R>',
      ],
      ['with CRLF', '<R>\r\n  <a/>\r\n</R>', { b: '1' }, '<R>\r\n  <a/>\r\n  <b>1</b>\r\n</R>'],
      ['on one line', '<R><a/> <c/></R>', { b: '1' }, '<R><a/><b>1</b> <c/></R>'],
      [
        'with the prefix of the root',
        '<m:R xmlns:m="urn:m"><m:a/></m:R>',
        { b: '1' },
        '<m:R xmlns:m="urn:m"><m:a/><m:b>1</m:b></m:R>',
      ],
      [
        'several at one place',
        '<R>\n <a/>\n <z/>\n</R>',
        { c: '2', b: '1' },
        '<R>\n <a/>\n <b>1</b>\n <c>2</c>\n <z/>\n</R>',
      ],
      [
        'while its neighbour goes',
        '<R>\n <b/>\n <z/>\n</R>',
        { a: '1', b: undefined },
        '<R>\n <a>1</a>\n <z/>\n</R>',
      ],
      [
        'although a nested element has its name',
        '<R>\n <a><b/></a>\n</R>',
        { b: '1' },
        '<R>\n <a><b/></a>\n <b>1</b>\n</R>',
      ],
    ];
    for (const [where, before, edits, after] of table) {
      it(where, () => {
        assert.equal(patch(before, edits), after);
      });
    }
  });

  describe('removes an element with the line break and indentation before it', () => {
    const table: [string, string, string][] = [
      ['between others', '<R>\n  <a/>\n  <b>1</b>\n  <c/>\n</R>', '<R>\n  <a/>\n  <c/>\n</R>'],
      ['with CRLF', '<R>\r\n\t<b>1</b>\r\n</R>', '<R>\r\n</R>'],
      ['on one line', '<R><a/> <b>1</b> <c/></R>', '<R><a/>  <c/></R>'],
      ['that closes itself', '<R>\n<a/>\n<b/>\n</R>', '<R>\n<a/>\n</R>'],
    ];
    for (const [where, before, after] of table) {
      it(where, () => {
        assert.equal(patch(before, { b: undefined }), after);
      });
    }
  });

  it('returns the same string when nothing changes', () => {
    const edits = { isNamedUserJwtEnabled: 'false', label: 'R&D', namedUserJwtTimeout: undefined };
    assert.equal(patch(global, edits), global);
  });

  describe('refuses', () => {
    const table: [string, string, Edits, code: 'ECA9003' | 'ECA9004', message: string][] = [
      [
        'an edited element that occurs twice, also when nothing would change',
        '<R><a>1</a><a>1</a></R>',
        { a: '1' },
        'ECA9003',
        'The R component has 2 elements `a`; at most one is allowed.',
      ],
      [
        'an edited element that holds others',
        '<R><a><b/></a></R>',
        { a: '1' },
        'ECA9003',
        'The element `a` of the R component contains other elements instead of text.',
      ],
      [
        'a root without elements to go by',
        '<R/>',
        { a: '1' },
        'ECA9004',
        'The R component has no element next to which `a` could be placed; a retrieved one names its external client app.',
      ],
      [
        'a name that would be markup',
        '<R><a/></R>',
        { 'a/><b': '1' },
        'ECA9004',
        '`a/><b` is not the name of a metadata element: letters, digits and underscores.',
      ],
    ];
    for (const [what, xml, edits, code, message] of table) {
      it(what, () => {
        assert.throws(() => patch(xml, edits), new ComponentXmlError(message, code));
      });
    }

    it('a document that the patching parser cannot edit, without quoting it', () => {
      assert.throws(
        () => patch('<R><__proto__>s3cr3t</__proto__><a/></R>', { a: '1' }),
        (error: Error) => error instanceof ComponentXmlError && !error.message.includes('s3cr3t'),
      );
    });

    it('a value that XML cannot represent', () => {
      assert.throws(() => patch('<R><a/></R>', { a: '\u0000' }), ComponentXmlError);
    });

    it('XML that is not well-formed', () => {
      assert.throws(() => patch('<R><a>1</a>', { a: '2' }), ComponentXmlError);
    });
  });

  describe('handles a megabyte of blanks in one pass', () => {
    const blanks = ' '.repeat(1_000_000);
    const table: [string, string, Edits, string][] = [
      ['before an element', `<R>${blanks}<a>1</a></R>`, { a: undefined }, `<R>${blanks}</R>`],
      ['in a tag that closes itself', `<R><a${blanks}/></R>`, { a: '2' }, '<R><a>2</a></R>'],
      ['in an attribute', `<R><a x="${blanks}"/></R>`, { a: '2' }, `<R><a x="${blanks}">2</a></R>`],
      ['before an attribute', `<R><a${blanks}x=""/></R>`, { a: '2' }, `<R><a${blanks}x="">2</a></R>`],
    ];
    for (const [where, before, edits, after] of table) {
      it(where, () => {
        assert(patch(before, edits) === after);
      });
    }
  });
});

const texts = fc.string({
  unit: fc.constantFrom('a', '<', '&', '>', ' ', '\n', '\r', '"', ']]>', 'é', '😀'),
  maxLength: 8,
});

describe('patchComponent with any text', () => {
  const files = fc.oneof(
    arbitraryFile('ExtlClntAppGlobalOauthSettings', {}),
    arbitraryFile('ExtlClntAppOauthConfigurablePolicies', { guestJwtTimeout: '5' }),
  );
  const inserted = ['guestJwtSessionTimeoutType', 'isNamedUserJwtEnabled', 'namedUserJwtTimeout', 'A', 'zz'];

  it('sets it, and restores the original file when it is removed', () => {
    fc.assert(
      fc.property(files, fc.subarray(inserted, { minLength: 1 }), texts, (file, names, text) => {
        const xml = writeFile(file);
        const patched = patchComponent(xml, new Map(names.map((name) => [name, text])));
        for (const name of names) assert.equal(elementText(parseComponent(patched), name), text);
        assert.equal(patchComponent(patched, new Map(names.map((name) => [name, undefined]))), xml);
      }),
      { numRuns: 500 },
    );
  });

  it('turns any text into a patched file or a ComponentXmlError', () => {
    const pieces = fc.constantFrom(
      ...[
        '<R>',
        '</R>',
        '<a>',
        '</a>',
        '<a/>',
        '<!--',
        '-->',
        '<![CDATA[',
        ']]>',
        '<?x',
        '?>',
        '&amp;',
        '&',
        '<',
        '>',
      ],
      ...[
        '"',
        "'",
        '=',
        ' ',
        '\n',
        'a',
        '<!DOCTYPE R>',
        '<R xmlns:p="u">',
        '<p:a>',
        '</p:a>',
        '\u0000',
        '<__proto__/>',
      ],
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 20 }), (parts) => {
        const xml = `<R><b/>${parts.join('')}</R>`;
        try {
          assert.equal(elementText(parseComponent(patchComponent(xml, new Map([['a', 'x']]))), 'a'), 'x');
        } catch (error) {
          assert(error instanceof ComponentXmlError, String(error));
        }
      }),
      { numRuns: 3000 },
    );
  });
});
