import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** Elements as text by name: the kind, `[]` when it is repeatable, `!` when it is required. */
export type ElementTexts = Record<string, string>;

/** Types whose name in the API is another one than in the WSDL. */
const wsdlNames: Readonly<Record<string, string>> = { Settings: 'SecuritySettings' };

/** Salesforce's types of `@salesforce/types`, read as text: they are nothing but type aliases, so no type has to be checked. */
export class SalesforceTypes {
  readonly #aliases = new Map<string, ts.TypeNode>();

  constructor() {
    const file = require.resolve('@salesforce/types/metadata').replace(/\.js$/, '.d.ts');
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
    for (const statement of source.statements) {
      if (ts.isTypeAliasDeclaration(statement)) this.#aliases.set(statement.name.text, statement.type);
    }
  }

  /** The elements of a type, by its name in the Metadata API. */
  elements(name: string): ElementTexts {
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

  /** The values of an enum. */
  values(name: string): string[] {
    const type = this.#aliases.get(name);
    assert.ok(type && ts.isUnionTypeNode(type), `${name} is an enum of @salesforce/types`);
    return type.types.map((each) => {
      assert.ok(ts.isLiteralTypeNode(each) && ts.isStringLiteral(each.literal));
      return each.literal.text;
    });
  }

  #kind(type: ts.TypeNode): string {
    if (type.kind === ts.SyntaxKind.StringKeyword) return 'string';
    if (type.kind === ts.SyntaxKind.BooleanKeyword) return 'boolean';
    if (type.kind === ts.SyntaxKind.NumberKeyword) return 'integer';
    assert.ok(ts.isTypeReferenceNode(type) && ts.isIdentifier(type.typeName));
    const name = type.typeName.text;
    const alias = this.#aliases.get(name);
    return alias && ts.isTypeLiteralNode(alias)
      ? `${name} ${JSON.stringify(this.elements(name))}`
      : `${name} ${this.values(name).join('|')}`;
  }
}
