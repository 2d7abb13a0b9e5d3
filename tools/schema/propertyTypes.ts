import ts from 'typescript';
import { describedValues, docCommentOf } from './docComment.js';

/** A type of a property as a package schema writes it. */
export type SchemaType =
  | { type: 'string' | 'number' | 'integer' | 'boolean' }
  | { type: 'string'; oneOf: readonly SchemaType[] }
  | { type: 'array'; items: SchemaType }
  | { type: 'object'; additionalProperties: SchemaType }
  | { $ref: string };

/** A property as a package schema writes it. */
export type SchemaProperty = SchemaType & {
  description: string;
  secret?: true;
  willReplaceOnChanges?: true;
};

/** The properties of an object as a package schema writes them. */
export interface SchemaObject {
  properties: Record<string, SchemaProperty>;
  required: string[];
}

/** An enum or object type as a package schema writes it. */
type NamedType = { description: string } & (
  | { type: 'string'; enum: { name: string; value: string; description?: string }[] }
  | ({ type: 'object' } & SchemaObject)
);

const anyValue: SchemaType = { $ref: 'pulumi.json#/Any' };

/** Turns TypeScript types into those of a package schema, and collects the named ones that they use. */
export class PropertyTypes {
  readonly #checker: ts.TypeChecker;
  readonly #tokenOf: (name: string) => string;
  /** The named types, by token. */
  readonly types: Record<string, NamedType> = {};

  /** @param tokenOf the token of a named type, such as `salesforce-eca:index:TokenLifetime` */
  constructor(checker: ts.TypeChecker, tokenOf: (name: string) => string) {
    this.#checker = checker;
    this.#tokenOf = tokenOf;
  }

  /**
   * The properties of an interface or a class, those that it inherits too.
   *
   * @param accepts which of them count
   */
  objectOf(symbol: ts.Symbol, accepts: (property: ts.Symbol) => boolean = () => true): SchemaObject {
    const properties: Record<string, SchemaProperty> = {};
    const required: string[] = [];
    for (const property of this.#checker.getDeclaredTypeOfSymbol(symbol).getProperties().filter(accepts)) {
      const declaration = property.valueDeclaration;
      if (
        declaration === undefined ||
        !(ts.isPropertySignature(declaration) || ts.isPropertyDeclaration(declaration)) ||
        declaration.type === undefined
      ) {
        throw new Error(`${symbol.name}.${property.name} is not a property with a type`);
      }
      const { text, tags } = docCommentOf(property);
      if (text === '') throw new Error(`${symbol.name}.${property.name} has no doc comment`);
      properties[property.name] = {
        ...this.#schemaOf(declaration.type, tags.has('integer')),
        description: text,
        ...(tags.has('secret') && { secret: true }),
        ...(tags.has('replaces') && { willReplaceOnChanges: true }),
      };
      const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
      if (!isOptional && !mayBeUndefined(declaration.type)) required.push(property.name);
    }
    return { properties, required };
  }

  #schemaOf(node: ts.TypeNode, isInteger: boolean): SchemaType {
    if (ts.isParenthesizedTypeNode(node)) return this.#schemaOf(node.type, isInteger);
    if (ts.isTypeOperatorNode(node) && node.operator === ts.SyntaxKind.ReadonlyKeyword)
      return this.#schemaOf(node.type, isInteger);
    if (ts.isArrayTypeNode(node))
      return { type: 'array', items: this.#schemaOf(node.elementType, isInteger) };
    if (ts.isUnionTypeNode(node)) {
      const [only, ...others] = node.types.filter((member) => !isUndefined(member));
      if (only !== undefined && others.length === 0) return this.#schemaOf(only, isInteger);
    }
    if (ts.isTypeReferenceNode(node)) return this.#schemaOfReference(node, isInteger);
    return this.#plain(node, isInteger);
  }

  #schemaOfReference(node: ts.TypeReferenceNode, isInteger: boolean): SchemaType {
    const [first, second] = node.typeArguments ?? [];
    const name = ts.isQualifiedName(node.typeName) ? node.typeName.right.text : node.typeName.text;
    if (first !== undefined) {
      switch (name) {
        case 'Input':
        case 'Output':
        case 'Partial':
        case 'Readonly':
          return this.#schemaOf(first, isInteger);
        case 'OrData':
          return this.#orData(first);
        case 'Record':
          if (second === undefined) break;
          return { type: 'object', additionalProperties: this.#schemaOf(second, isInteger) };
      }
      throw new Error(`the schema has no type for ${node.getText()}`);
    }
    const symbol = this.#resolve(node);
    return (symbol.flags & ts.SymbolFlags.Interface) === 0
      ? this.#plain(node, isInteger)
      : this.#namedObject(symbol);
  }

  /** A string, number or boolean; literals count as what they are of, because a later release may return others. */
  #plain(node: ts.TypeNode, isInteger: boolean): SchemaType {
    const type = this.#checker.getTypeFromTypeNode(node);
    const kinds = new Set((type.isUnion() ? type.types : [type]).map(kindOf));
    const [kind] = kinds;
    if (kind === undefined || kinds.has(undefined))
      throw new Error(`the schema has no type for ${node.getText()}`);
    if (kinds.size > 1) return anyValue;
    const isWhole =
      type.isUnion() && type.types.every((member) => member.isNumberLiteral() && member.value % 1 === 0);
    return { type: kind === 'number' && (isInteger || isWhole) ? 'integer' : kind };
  }

  /** Values that an editor offers, or any other: strings as an enum that takes strings too, minutes as integers. */
  #orData(node: ts.TypeNode): SchemaType {
    const type = this.#checker.getTypeFromTypeNode(node);
    const values = (type.isUnion() ? type.types : [type]).flatMap((member) =>
      member.isStringLiteral() ? member.value : [],
    );
    if (values.length === 0 || !ts.isTypeReferenceNode(node)) return this.#plain(node, false);
    const symbol = this.#resolve(node);
    const { text } = docCommentOf(symbol);
    const descriptions = describedValues(text);
    const token = this.#tokenOf(symbol.name);
    this.types[token] = {
      type: 'string',
      description: text,
      enum: values.sort().map((value) => {
        const description = descriptions.get(value);
        const name = value.charAt(0).toUpperCase() + value.slice(1);
        return { name, value, ...(description !== undefined && { description }) };
      }),
    };
    return { type: 'string', oneOf: [{ type: 'string' }, { $ref: `#/types/${token}` }] };
  }

  #namedObject(symbol: ts.Symbol): SchemaType {
    const token = this.#tokenOf(symbol.name);
    if (!(token in this.types)) {
      const { text } = docCommentOf(symbol);
      this.types[token] = { type: 'object', description: text, ...this.objectOf(symbol) };
    }
    return { $ref: `#/types/${token}` };
  }

  #resolve(node: ts.TypeReferenceNode): ts.Symbol {
    const symbol = this.#checker.getSymbolAtLocation(node.typeName);
    if (symbol === undefined) throw new Error(`${node.getText()} is not declared`);
    return (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : this.#checker.getAliasedSymbol(symbol);
  }
}

function kindOf(type: ts.Type): 'string' | 'number' | 'boolean' | undefined {
  if ((type.flags & ts.TypeFlags.StringLike) !== 0) return 'string';
  if ((type.flags & ts.TypeFlags.NumberLike) !== 0) return 'number';
  return (type.flags & ts.TypeFlags.BooleanLike) === 0 ? undefined : 'boolean';
}

const isUndefined = (node: ts.TypeNode): boolean => node.kind === ts.SyntaxKind.UndefinedKeyword;

/** Whether a property may be without a value: `undefined` is part of its type, or of what it is an output of. */
function mayBeUndefined(node: ts.TypeNode): boolean {
  if (ts.isUnionTypeNode(node)) return node.types.some(mayBeUndefined);
  if (ts.isTypeReferenceNode(node) && node.typeName.getText().endsWith('.Output'))
    return (node.typeArguments ?? []).some(mayBeUndefined);
  return isUndefined(node);
}
