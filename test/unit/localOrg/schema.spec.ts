import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { schemas, type ElementSchema } from '../../../local-org/src/components/schema.js';

/** The elements that the schema has besides those of Salesforce's own, or otherwise, and why. */
const divergences: Readonly<Record<string, string>> = {
  'ExtlClntAppOauthConfigurablePolicies.isNamedUserJwtEnabled':
    'deprecated: in the WSDL up to 63.0, gone from that of 67.0, which the types were made from',
  'ExtlClntAppOauthConfigurablePolicies.guestJwtTimeout':
    'the WSDL says int; the documentation names the numbers that it takes',
  'ExtlClntAppOauthConfigurablePolicies.namedUserJwtTimeout':
    'the WSDL says int; the documentation names the numbers that it takes',
  'ProfileSessionSetting.sessionTimeout':
    'the WSDL says int; the documentation names the numbers that it takes',
  'Settings.networkAccess': 'not looked into: nothing of it counts here',
  'Settings.passwordPolicies': 'not looked into: nothing of it counts here',
  'Settings.sessionSettings': 'not looked into but for sessionTimeout, by the rule sessionSettings',
  'Settings.singleSignOnSettings': 'not looked into: nothing of it counts here',
};

/** Types whose name in the API is another one than in the WSDL. */
const wsdlNames: Readonly<Record<string, string>> = { Settings: 'SecuritySettings' };

/** An element as text: its kind, `[]` when it is repeatable, `!` when it is required. */
type Elements = Record<string, string>;

/** Salesforce's types, read as text: they are nothing but type aliases, so no type has to be checked. */
class SalesforceTypes {
  readonly #aliases = new Map<string, ts.TypeNode>();

  constructor() {
    const file = require.resolve('@salesforce/types/metadata').replace(/\.js$/, '.d.ts');
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
    for (const statement of source.statements) {
      if (ts.isTypeAliasDeclaration(statement)) this.#aliases.set(statement.name.text, statement.type);
    }
  }

  elements(name: string): Elements {
    const typeName = wsdlNames[name] ?? name;
    const type = this.#aliases.get(typeName);
    assert.ok(type, `${typeName} is in @salesforce/types`);
    const literals = (ts.isIntersectionTypeNode(type) ? [...type.types] : [type]).filter(
      ts.isTypeLiteralNode,
    );
    const members = literals.flatMap(({ members }) => [...members]).filter(ts.isPropertySignature);
    return Object.fromEntries(
      members.map(({ name: member, type: of, questionToken }) => {
        assert.ok(ts.isIdentifier(member) && of);
        const isList = ts.isArrayTypeNode(of);
        const kind = this.#kind(isList ? of.elementType : of);
        // A list is never optional in these types: it may be empty.
        return [member.text, kind + (isList ? '[]' : questionToken ? '' : '!')];
      }),
    );
  }

  #kind(type: ts.TypeNode): string {
    if (type.kind === ts.SyntaxKind.StringKeyword) return 'string';
    if (type.kind === ts.SyntaxKind.BooleanKeyword) return 'boolean';
    if (type.kind === ts.SyntaxKind.NumberKeyword) return 'integer';
    assert.ok(ts.isTypeReferenceNode(type) && ts.isIdentifier(type.typeName));
    const name = type.typeName.text;
    const alias = this.#aliases.get(name);
    if (alias && ts.isTypeLiteralNode(alias)) return `${name} ${asText(this.elements(name))}`;
    assert.ok(alias && ts.isUnionTypeNode(alias), `${name} is a structure or an enum`);
    const values = alias.types.map((each) => {
      assert.ok(ts.isLiteralTypeNode(each) && ts.isStringLiteral(each.literal));
      return each.literal.text;
    });
    return `${name} ${values.join('|')}`;
  }
}

function asText(elements: Elements): string {
  return JSON.stringify(elements);
}

function described(schema: ElementSchema): string {
  return kindOf(schema) + (schema.repeatable === true ? '[]' : schema.required === true ? '!' : '');
}

function kindOf(schema: ElementSchema): string {
  switch (schema.kind) {
    case 'enum':
      return `${schema.enumName} ${schema.values.join('|')}`;
    case 'structure':
      return `${schema.typeName} ${asText(describedAll(schema.elements ?? {}))}`;
    default:
      return schema.kind;
  }
}

function describedAll(elements: Readonly<Record<string, ElementSchema>>): Elements {
  return Object.fromEntries(Object.entries(elements).map(([name, schema]) => [name, described(schema)]));
}

describe("the local org's schema, next to Salesforce's own", () => {
  const salesforce = new SalesforceTypes();
  const types = Object.entries(schemas).filter(([name]) => name !== 'ConnectedApp');

  for (const [typeName, elements] of types) {
    it(`has the elements of ${typeName}, of the same types, values and necessity`, () => {
      const isExplained = ([name]: [string, string]): boolean => `${typeName}.${name}` in divergences;
      const unexplained = (all: Elements): Elements =>
        Object.fromEntries(Object.entries(all).filter((entry) => !isExplained(entry)));
      assert.deepEqual(unexplained(describedAll(elements)), unexplained(salesforce.elements(typeName)));
    });
  }

  it('diverges where it says so and nowhere else', () => {
    const different = types.flatMap(([typeName, elements]) => {
      const theirs = salesforce.elements(typeName);
      return Object.entries(describedAll(elements))
        .filter(([name, text]) => theirs[name] !== text)
        .map(([name]) => `${typeName}.${name}`);
    });
    assert.deepEqual(different.sort(), Object.keys(divergences).sort());
  });

  it('has every element in the ASCII order of the WSDL', () => {
    for (const [typeName, elements] of types)
      assert.deepEqual(Object.keys(elements), Object.keys(elements).toSorted(), typeName);
  });
});
