import assert from 'node:assert/strict';
import { assertNothingElseChanged } from '../../../../provider/src/components/componentGuard.js';
import {
  ComponentXmlError,
  decodeComponent,
  elementText,
  encodeComponent,
  parseComponent,
} from '../../../../provider/src/components/componentXml.js';

const policies = `<?xml version="1.0" encoding="UTF-8"?>
<ExtlClntAppOauthConfigurablePolicies xmlns="http://soap.sforce.com/2006/04/metadata">
    <externalClientApplication>portal</externalClientApplication>
    <label>R&amp;D &#233; <![CDATA[<b>]]><!-- note --></label>
    <customAttributes><formula>1</formula><key>isNamedUserJwtEnabled</key></customAttributes>
    <customAttributes><formula>2</formula><key>b</key></customAttributes>
    <refreshTokenPolicyType/>
</ExtlClntAppOauthConfigurablePolicies>`;

const secret = 's3cr3t-value';

/** A refused document must say so without quoting itself. */
function assertRefused(xml: string, message: RegExp): void {
  assert.throws(
    () => parseComponent(xml),
    (error) => {
      assert(error instanceof ComponentXmlError);
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, new RegExp(secret));
      return true;
    },
  );
}

describe('parseComponent', () => {
  it('returns the root and its direct children with their decoded text', () => {
    assert.deepEqual(parseComponent(policies), {
      root: 'ExtlClntAppOauthConfigurablePolicies',
      elements: [
        { name: 'externalClientApplication', text: 'portal' },
        { name: 'label', text: 'R&D é <b>' },
        { name: 'customAttributes', text: undefined },
        { name: 'customAttributes', text: undefined },
        { name: 'refreshTokenPolicyType', text: '' },
      ],
    });
  });

  it('returns local names of prefixed elements and distinguishes foreign ones', () => {
    const xml = '<m:R xmlns:m="urn:m" xmlns:o="urn:o"><m:a>1</m:a><o:a>2</o:a></m:R>';
    assert.deepEqual(parseComponent(xml), {
      root: 'R',
      elements: [
        { name: 'a', text: '1' },
        { name: '{urn:o}a', text: '2' },
      ],
    });
  });

  it('reads a component after a byte order mark and with CRLF line ends', () => {
    const { elements } = parseComponent('\uFEFF<R>\r\n<a>x\r\ny</a>\r\n</R>\r\n');
    assert.deepEqual(elements, [{ name: 'a', text: 'x\ny' }]);
  });

  const notWellFormed: [string, string][] = [
    ['an end that is missing', `<R><a>${secret}</a>`],
    ['tags that do not match', `<R><a>${secret}</b></R>`],
    ['two roots', `<R>${secret}</R><R/>`],
    ['text after the root', `<R/>${secret}`],
    ['text before the root', `${secret}<R/>`],
    ['JSON', `{"a":"${secret}"}`],
    ['nothing', ''],
    ['an undefined entity', `<R><a>&${secret};</a></R>`],
    ['a control character', `<R><a>${secret}\u0001</a></R>`],
    ['a reference to a control character', `<R><a>${secret}&#0;</a></R>`],
    ['half of a surrogate pair', `<R><a>${secret}\uD800</a></R>`],
    ['a prefix that is not declared', `<R><x:${secret}/></R>`],
    ['`--` in a comment', `<R><!-- ${secret} -- --></R>`],
    ['`]]>` in text', `<R>${secret} ]]></R>`],
    ['an attribute twice', `<R a="1" a="${secret}"/>`],
  ];
  for (const [what, xml] of notWellFormed) {
    it(`refuses ${what} without quoting it`, () => {
      assertRefused(xml, /is not well-formed \(line \d+, column \d+\)|has no root element/);
    });
  }

  it('refuses a DOCTYPE', () => {
    assertRefused('<!DOCTYPE R [<!ENTITY a "aaaa">]><R>&a;</R>', /has a DOCTYPE/);
  });

  it('refuses an encoding other than the one it was decoded from', () => {
    assertRefused('<?xml version="1.0" encoding="UTF-16"?><R/>', /an encoding other than UTF-8/);
  });

  it('refuses XML 1.1, which allows references to control characters', () => {
    assertRefused('<?xml version="1.1"?><R>&#1;</R>', /a version other than 1.0/);
  });

  it('refuses nesting beyond 32 levels', () => {
    assert.doesNotThrow(() => parseComponent('<a>'.repeat(32) + '</a>'.repeat(32)));
    assertRefused('<a>'.repeat(100_000), /nested deeper than 32 levels/);
  });

  it('refuses more than two million characters before it reads them', () => {
    assertRefused(`<R>${' '.repeat(2_000_000)}</R>`, /has 2000007 characters; the limit is 2000000/);
  });
});

describe('elementText', () => {
  const component = parseComponent(policies);

  it('returns the decoded text of an element', () => {
    assert.equal(elementText(component, 'externalClientApplication'), 'portal');
  });

  it('returns undefined for an element that the root lacks, even if its name occurs elsewhere', () => {
    assert.equal(elementText(component, 'isNamedUserJwtEnabled'), undefined);
  });

  it('throws for an element that occurs twice', () => {
    assert.throws(
      () => elementText(component, 'customAttributes'),
      new ComponentXmlError(
        'The ExtlClntAppOauthConfigurablePolicies component has 2 elements `customAttributes`; at most one is allowed.',
      ),
    );
  });

  it('throws for an element that has children', () => {
    assert.throws(
      () => elementText(parseComponent('<R><a><b/></a></R>'), 'a'),
      new ComponentXmlError('The element `a` of the R component contains other elements instead of text.'),
    );
  });
});

describe('decodeComponent and encodeComponent', () => {
  it('keep the bytes of a component with a byte order mark and characters of every length', () => {
    const bytes = Buffer.from('\uFEFF<R>aé€😀\r\n</R>', 'utf8');
    assert.deepEqual(encodeComponent(decodeComponent(bytes)), bytes);
  });

  it('refuse bytes that are not UTF-8', () => {
    assert.throws(
      () => decodeComponent(Uint8Array.of(0x3c, 0xff)),
      new ComponentXmlError('The component is not encoded as UTF-8.'),
    );
  });

  it('refuse half of a surrogate pair', () => {
    assert.throws(() => encodeComponent('\uD800'), ComponentXmlError);
  });
});

describe('assertNothingElseChanged', () => {
  const before =
    '<G a="1">\n  <certificate>MII\nB</certificate>\n  <!-- c -->\n  <consumerKey>3MV</consumerKey>\n  <x>1</x>\n</G>';
  const edited = ['x', 'y'];

  const refused: [string, (xml: string) => string, string][] = [
    [
      'a lost certificate',
      (xml) => xml.replace(/<certificate>[^]*<\/certificate>/, ''),
      'lose the element `certificate`',
    ],
    ['a changed certificate', (xml) => xml.replace('MII\nB', 'MII B'), 'alter the element `certificate`'],
    [
      'a lost consumer key',
      (xml) => xml.replace(/<consumerKey>.*<\/consumerKey>/, ''),
      'lose the element `consumerKey`',
    ],
    [
      'an element written otherwise',
      (xml) => xml.replace('>3MV<', '>&#51;MV<'),
      'alter the element `consumerKey`',
    ],
    ['an added element', (xml) => xml.replace('</G>', '<z/></G>'), 'add the element `z`'],
    [
      'elements in another order',
      (xml) =>
        xml.replace(/(<certificate>[^]*<\/certificate>)([^]*)(<consumerKey>.*<\/consumerKey>)/, '$3$2$1'),
      'move the element `certificate`',
    ],
    ['a lost comment', (xml) => xml.replace('<!-- c -->', ''), 'alter what is between the elements'],
    [
      'another attribute of the root',
      (xml) => xml.replace('a="1"', 'a="2"'),
      'alter what is between the elements',
    ],
  ];
  for (const [what, change, message] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => {
          assertNothingElseChanged(before, change(before), edited);
        },
        new ComponentXmlError(
          `The change would ${message} in the G component, which it must leave alone.`,
          'ECA9004',
        ),
      );
    });
  }

  it('refuses another root', () => {
    assert.throws(
      () => {
        assertNothingElseChanged(before, before.replaceAll('G', 'H'), edited);
      },
      new ComponentXmlError('The change would turn the G component into a H.', 'ECA9004'),
    );
  });

  it('refuses a document that is no longer well-formed', () => {
    assert.throws(() => {
      assertNothingElseChanged(before, before.replace('</G>', ''), edited);
    }, ComponentXmlError);
  });

  it('lets the edited elements come, go and change', () => {
    const after = before.replace('\n  <x>1</x>', '').replace('</G>', '  <y>2</y>\n</G>');
    assert.doesNotThrow(() => {
      assertNothingElseChanged(before, after, edited);
    });
  });

  it('handles a document with a hundred thousand elements in one pass', () => {
    const xml = `<G>${Array.from({ length: 100_000 }, (_, index) => `<e${index}/>`).join('')}</G>`;
    assert.doesNotThrow(() => {
      assertNothingElseChanged(xml, xml, []);
    });
  });
});
