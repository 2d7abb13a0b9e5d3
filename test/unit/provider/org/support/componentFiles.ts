import fc from 'fast-check';
import type { SettingsComponentType } from '../../../../../provider/src/policy/fields.js';

/** The name of the app that generated files belong to. */
export const generatedApp = 'portal';

/** A part of a managed element's content as it is written. */
export interface ContentPart {
  kind: 'text' | 'comment';
  raw: string;
}

/** A direct child of the root as it is written. */
export interface GeneratedElement {
  /** The local name; `undefined` for an element of another namespace, which says nothing about the order. */
  name: string | undefined;
  /** What stands between the end of the sibling before and the lead: comments, instructions, blanks. */
  gap: string;
  /** The line break and indentation right before the element; `''` where it does not begin its line. */
  lead: string;
  /** The element, from its `<` to its last `>`. */
  xml: string;
  /** For an element that a change may set: its pieces, and its text as XML defines it. */
  parts: { open: string; content: readonly ContentPart[]; close: string; text: string } | undefined;
}

/** A component's file in pieces; written one after the other they are the file. */
export interface GeneratedFile {
  type: SettingsComponentType;
  /** From the byte order mark to the end of the root's start tag. */
  head: string;
  elements: readonly GeneratedElement[];
  /** From behind the last element to the end of the file. */
  tail: string;
  /** The root's namespace prefix with its colon, or `''`. */
  prefix: string;
  /** Whether the elements stand in alphabetical order. */
  isOrdered: boolean;
}

/** The text of a file, with these elements in the place of its own. */
export function writeFile(file: GeneratedFile, elements = file.elements): string {
  return file.head + elements.map(({ gap, lead, xml }) => gap + lead + xml).join('') + file.tail;
}

/** The managed fields and, for the global settings, the flags of which a deploy must always say false. */
export const changeableElements = {
  ExtlClntAppGlobalOauthSettings: [
    'isNamedUserJwtEnabled',
    'shouldRotateConsumerKey',
    'shouldRotateConsumerSecret',
  ],
  ExtlClntAppOauthConfigurablePolicies: [
    'guestJwtSessionTimeoutType',
    'guestJwtTimeout',
    'namedUserJwtSessionTimeoutType',
    'namedUserJwtTimeout',
  ],
} as const satisfies Record<SettingsComponentType, readonly string[]>;

/** The text of each changeable element that a file has. */
export type ElementTexts = Readonly<Partial<Record<string, string>>>;

/** Texts that changeable elements are generated with: allowed, unknown, empty. */
const changeableTexts: Readonly<Record<string, readonly string[]>> = {
  isNamedUserJwtEnabled: ['true', 'false', 'true', 'false', '1', '0', 'maybe', ''],
  namedUserJwtSessionTimeoutType: ['UserSession', 'Custom', 'Sliding'],
  namedUserJwtTimeout: ['1', '30', '720', '45', ''],
  guestJwtSessionTimeoutType: ['UserSession', 'Custom', ''],
  guestJwtTimeout: ['5', '15', '480', 'x'],
  shouldRotateConsumerKey: ['false', 'true', ''],
  shouldRotateConsumerSecret: ['false', 'true', '1'],
};

const unmanaged = {
  ExtlClntAppGlobalOauthSettings: [
    ...['isClientCredentialsFlowEnabled', 'isCodeCredFlowEnabled', 'isCodeCredPostOnly', 'isDPopEnabled'],
    ...['isConsumerSecretOptional', 'isDeviceFlowEnabled', 'isEnforceRefreshTokenTTL', 'isPkceRequired'],
    ...['isIntrospectAllTokens', 'isRefreshTokenRotationEnabled', 'isSecretRequiredForRefreshToken'],
    ...['isSecretRequiredForTokenExchange', 'isTokenExchangeEnabled', 'label', 'isNamedUserJwtEnabledToo'],
  ],
  ExtlClntAppOauthConfigurablePolicies: [
    ...['apexHandler', 'clientCredentialsFlowUser', 'commaSeparatedCustomScopes', 'commaSeparatedProfile'],
    ...['commaSeparatedPermissionSet', 'executeHandlerAs', 'ipRelaxationPolicyType', 'label', 'startUrl'],
    ...['isClientCredentialsFlowEnabled', 'isGuestCodeCredFlowEnabled', 'isTokenExchangeFlowEnabled'],
    ...['permittedUsersPolicyType', 'policyAction', 'refreshTokenPolicyType', 'refreshTokenValidityPeriod'],
    ...['refreshTokenValidityUnit', 'requiredSessionLevel', 'sessionTimeoutInMinutes', 'singleLogoutUrl'],
  ],
} as const satisfies Record<SettingsComponentType, readonly string[]>;

/** Names that no release knows; some stand elsewhere in ASCII order than in a dictionary. */
const unknownNames = [
  'knowsMore',
  '_later',
  'Zone',
  'guestJWTZone',
  'isNamedUserJWTZone',
  'namedUserJWTZone',
];

const comments = fc.constantFrom(
  ...['<!-- note -->', '<!---->', '<!-- <isNamedUserJwtEnabled>true</isNamedUserJwtEnabled> -->'],
  ...['<!-- &no; <![CDATA[ ]]> -->', '<!-- two\n lines -->', '<?keep this?>'],
);

const attributes = fc.constantFrom(
  ...['', '', '', '', ' xsi:type="xsd:string"', ` note = 'a > b'`, ' a="1"\n b="&quot;&#10;"', ' '],
);

/** Text of an element that no change may touch, in every way that XML has to write it. */
const foreignText = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('true', 'false', '', 'Some_Access,Other_Access', '120') },
  {
    weight: 12,
    arbitrary: fc
      .array(
        fc.oneof(
          fc.constantFrom(
            ...['a', 'é', '😀', ' ', '"', "'", '>', '\n', '\r\n', '\t', '&amp;', '&lt;', '&gt;', '&quot;'],
            ...[
              '&#233;',
              '&#x1F600;',
              '&#13;',
              '<![CDATA[<a>& ]] >]]>',
              '<![CDATA[]]>',
              '%31',
              '$User.Email',
            ],
            '<![CDATA[<namedUserJwtTimeout>5</namedUserJwtTimeout>]]>',
          ),
          comments,
        ),
        { maxLength: 8 },
      )
      .map((pieces) => pieces.join('')),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom('https://example.com/callback?a=1&amp;b=2\r\n', 'long &#233; text ', '\t'),
        fc.oneof({ weight: 60, arbitrary: fc.nat(40) }, { weight: 1, arbitrary: fc.nat(2000) }),
      )
      .map(([piece, times]) => piece.repeat(times)),
  },
);

const base64Lines = fc
  .record({
    bytes: fc.uint8Array({ minLength: 30, maxLength: 600 }),
    width: fc.constantFrom(64, 76, 10_000),
    lineBreak: fc.constantFrom('\n', '\r\n', '&#13;\n', '\n    '),
    endsWithBreak: fc.boolean(),
  })
  .map(({ bytes, width, lineBreak, endsWithBreak }) => {
    const lines =
      Buffer.from(bytes)
        .toString('base64')
        .match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
    return lines.join(lineBreak) + (endsWithBreak ? lineBreak : '');
  });

/** How an element that a change may set is written. */
const writing = fc.record({
  attributes,
  closing: fc.constantFrom('', '', '', ' ', '\n'),
  closesItself: fc.boolean(),
  form: fc.constantFrom('plain', 'plain', 'plain', 'cdata', 'references', 'halves'),
  before: fc.oneof<fc.Arbitrary<string[]>[]>(
    fc.constantFrom([], [], [' '], ['\n  ']),
    fc.tuple(comments),
    fc.tuple(fc.constantFrom(' ', '\r\n'), comments),
  ),
  after: fc.oneof(fc.constantFrom('', '', ' ', '\r\n'), comments),
});
type Writing = typeof writing extends fc.Arbitrary<infer W> ? W : never;

/** Whether a part of a content is a comment or an instruction. */
function isComment(raw: string): boolean {
  return /^<[!?](?!\[)/.test(raw);
}

/** The ways to write a text: as it is, in a CDATA section, in references, in two parts around a comment. */
function writeText(text: string, form: Writing['form']): string[] {
  if (text === '') return [];
  switch (form) {
    case 'plain':
      return [text];
    case 'cdata':
      return [`<![CDATA[${text}]]>`];
    case 'references':
      return [text.replace(/./g, (character) => `&#${character.charCodeAt(0)};`)];
    case 'halves':
      return [text.slice(0, 1), '<!-- - -->', `<![CDATA[${text.slice(1)}]]>`];
  }
}

function changeable(
  prefix: string,
  name: string,
  text: string,
  how: Writing,
): Omit<GeneratedElement, 'gap' | 'lead'> {
  const open = `<${prefix}${name}${how.attributes}`;
  if (text === '' && how.closesItself) {
    const close = `${how.closing}/>`;
    return { name, xml: open + close, parts: { open, content: [], close, text } };
  }
  // Blanks beside plain text would be one part with it.
  const before = how.before.length === 1 && how.form !== 'cdata' ? how.before.filter(isComment) : how.before;
  const after = how.form === 'cdata' || isComment(how.after) ? how.after : '';
  const content = [...before, ...writeText(text, how.form), text === '' ? '' : after]
    .filter((raw) => raw !== '')
    .map((raw): ContentPart => ({ kind: isComment(raw) ? 'comment' : 'text', raw }));
  const close = `</${prefix}${name}${how.closing}>`;
  const blanks = (...raw: string[]): string =>
    raw
      .filter((part) => !isComment(part))
      .join('')
      .replaceAll('\r\n', '\n');
  return {
    name,
    xml: `${open}>${content.map(({ raw }) => raw).join('')}${close}`,
    parts: {
      open: `${open}>`,
      content,
      close,
      text: blanks(...before) + text + (text === '' ? '' : blanks(after)),
    },
  };
}

/** An unmanaged element, or one of a foreign namespace. */
type Plain = Omit<GeneratedElement, 'gap' | 'lead' | 'parts'>;

/** The elements of a file that no change may touch. */
function untouchedElements(type: SettingsComponentType, prefix: string): fc.Arbitrary<Plain[]> {
  const write = (name: string, attribute: string, content: string): Plain => ({
    name,
    xml:
      content === ''
        ? `<${prefix}${name}${attribute}/>`
        : `<${prefix}${name}${attribute}>${content}</${prefix}${name}>`,
  });
  const nested = (name: string, inner: readonly [string, string][]): Plain =>
    write(
      name,
      '',
      inner.map(([tag, text]) => `\n        <${prefix}${tag}>${text}</${prefix}${tag}>`).join(''),
    );
  const single = fc
    .uniqueArray(fc.tuple(fc.constantFrom(...unmanaged[type]), attributes, foreignText), {
      selector: ([name]) => name,
      maxLength: 9,
    })
    .map((elements) => elements.map((element) => write(...element)));
  const unknown = fc.array(
    fc.oneof(
      fc.tuple(fc.constantFrom(...unknownNames), attributes, foreignText).map((element) => write(...element)),
      fc
        .tuple(fc.constantFrom(...unknownNames), fc.constantFrom(...changeableElements[type]))
        .map(([name, inner]) => nested(name, [[inner, 'true']])),
      // The names of managed fields, in namespaces where they mean something else.
      fc.constantFrom(...changeableElements[type]).map((name) => ({
        name: undefined,
        xml: `<o:${name} xmlns:o="urn:other">true</o:${name}>`,
      })),
      fc.constantFrom(...changeableElements[type]).map((name) => ({
        name: undefined,
        xml: `<${name} xmlns="urn:another"><b/>5</${name}>`,
      })),
    ),
    { maxLength: 3 },
  );
  const app = fc
    .constantFrom(
      generatedApp,
      `<![CDATA[${generatedApp}]]>`,
      `port<!-- al -->al`,
      `\n    ${generatedApp}\n  `,
    )
    .map((text) => [write('externalClientApplication', '', text)]);
  const own =
    type === 'ExtlClntAppGlobalOauthSettings'
      ? fc
          .tuple(
            base64Lines,
            fc.base64String({ minLength: 20, maxLength: 90 }),
            fc.constantFrom('3MVG9.a_b', '3MVG9&#46;x'),
            fc.boolean(),
          )
          .map(([certificate, secret, key, hasTokenConfig]) => [
            write('callbackUrl', '', 'https://one.example.com/a\nhttps://two.example.com/?a=1&amp;b=2'),
            write('certificate', '', certificate),
            write('consumerKey', '', key),
            write('consumerSecret', '', secret),
            ...(hasTokenConfig
              ? [
                  nested('idTokenConfig', [
                    ['idTokenAudience', 'a&amp;b'],
                    ['isNamedUserJwtEnabled', 'true'],
                  ]),
                ]
              : []),
          ])
      : fc
          .array(fc.tuple(foreignText, fc.constantFrom('mail', 'namedUserJwtTimeout')), { maxLength: 3 })
          .map((all) =>
            all.map(([formula, key]) =>
              nested('customAttributes', [
                ['formula', formula],
                ['key', key],
              ]),
            ),
          );
  return fc.tuple(app, own, single, unknown).map((groups) => groups.flat());
}

/** White space, comments and instructions between elements, by the layout of the file. */
function layouts(lineBreak: string, indentation: string): fc.Arbitrary<{ gap: string; lead: string }> {
  const lead = lineBreak === '' ? '' : lineBreak + indentation;
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant({ gap: '', lead }) },
    {
      weight: 1,
      arbitrary: comments.chain((comment) =>
        fc.constantFrom({ gap: lead + comment, lead }, { gap: lead + comment, lead: '' }),
      ),
    },
    { weight: 1, arbitrary: fc.constantFrom('  ', '\t', lineBreak).map((gap) => ({ gap, lead })) },
  );
}

/** The texts that the changeable elements of a file may have. */
export function arbitraryTexts(type: SettingsComponentType): fc.Arbitrary<ElementTexts> {
  const textsOf = (name: string): readonly string[] => changeableTexts[name] ?? [];
  return fc.record(
    Object.fromEntries(changeableElements[type].map((name) => [name, fc.constantFrom(...textsOf(name))])),
    { requiredKeys: [] },
  );
}

/** Files of a type as orgs, tools and people write them, with these texts in their changeable elements. */
export function arbitraryFile(type: SettingsComponentType, texts: ElementTexts): fc.Arbitrary<GeneratedFile> {
  return fc
    .record({
      bom: fc.constantFrom('', '', '\uFEFF'),
      declaration: fc.constantFrom(
        ...['<?xml version="1.0" encoding="UTF-8"?>', '<?xml version="1.0" encoding="UTF-8"?>', ''],
        `<?xml version='1.0' encoding='utf-8' standalone="yes" ?>`,
      ),
      prolog: fc.option(comments, { nil: '', freq: 8 }),
      lineBreak: fc.constantFrom('\n', '\n', '\r\n', ''),
      indentation: fc.constantFrom('    ', '    ', '\t', '  ', ''),
      prefix: fc.constantFrom('', '', '', 'm:', 'met.a-1:'),
      rootAttributes: fc.constantFrom('', ' xsi:nil="false"', ` note='"'`, '\n'),
      end: fc.constantFrom('\n', '', '\r\n', '\n<!-- the end -->', '\n\n'),
      isOrdered: fc.boolean(),
    })
    .chain((file) => {
      const { prefix, lineBreak, indentation } = file;
      const elements = fc
        .tuple(
          untouchedElements(type, prefix),
          fc.tuple(
            ...Object.entries(texts).map(([name, text]) =>
              writing.map((how) => changeable(prefix, name, text ?? '', how)),
            ),
          ),
        )
        .map(([untouched, changeables]) => [
          ...untouched.map((element) => ({ ...element, parts: undefined })),
          ...changeables,
        ])
        .chain((all) =>
          file.isOrdered
            ? fc.constant(all.toSorted((a, b) => compareNames(a.name ?? '', b.name ?? '')))
            : fc.shuffledSubarray(all, { minLength: all.length }),
        );
      return elements.chain((all) =>
        fc
          .array(layouts(lineBreak, indentation), { minLength: all.length, maxLength: all.length })
          .map((places): GeneratedFile => {
            const namespace = prefix === '' ? 'xmlns' : `xmlns:${prefix.slice(0, -1)}`;
            const root = `<${prefix}${type} ${namespace}="http://soap.sforce.com/2006/04/metadata" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"${file.rootAttributes}>`;
            return {
              type,
              head:
                file.bom +
                file.declaration +
                (file.bom + file.declaration === '' ? '' : lineBreak) +
                file.prolog +
                root,
              elements: all.map((element, index) => ({
                ...element,
                ...(places[index] ?? { gap: '', lead: '' }),
              })),
              tail: `${lineBreak}</${prefix}${type}>${file.end}`,
              prefix,
              isOrdered: file.isOrdered,
            };
          }),
      );
    });
}

/** ASCII order, the order of Salesforce's schema. */
export function compareNames(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
