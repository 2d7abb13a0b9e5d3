import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import ts from 'typescript';

/** A text in the source that a person may get to read. */
export interface SourceMessage {
  /** Path below the source folder, with `/`. */
  file: string;
  line: number;
  /** The words that stand in the source, in order; between them stand values that are known at run time only. */
  parts: string[];
}

/** Functions whose texts are a command's help, by the names that commander and this project give them. */
const helpFunctions = new Set([
  'description',
  'option',
  'argument',
  'addHelpText',
  'exitCodesHelp',
  'Option',
]);

/**
 * Every text of several words in a folder's TypeScript files, whatever it is used for: one that is no message is for the caller to
 * leave out. Texts that are put together with `+` or a template are one; the help of commands is left out.
 */
export function collectMessages(folder: string): SourceMessage[] {
  return globSync('**/*.ts', { cwd: folder })
    .sort()
    .flatMap((path) => messagesIn(path.split(sep).join('/'), readFileSync(join(folder, path), 'utf8')));
}

/** A message as one line, with `<…>` for what is known at run time only. */
export const textOf = ({ parts }: SourceMessage): string => parts.join('<…>').replace(/\s+/g, ' ');

/** The messages of one file. */
export function messagesIn(file: string, text: string): SourceMessage[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: SourceMessage[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    if (isHelp(node)) {
      ts.forEachChild(node, (child) => {
        if (piecesOf(child, []) === undefined && !ts.isArrayLiteralExpression(child)) visit(child);
      });
      return;
    }
    const values: ts.Node[] = [];
    const pieces = piecesOf(node, values);
    if (pieces === undefined) {
      ts.forEachChild(node, visit);
      return;
    }
    const parts = joined(pieces);
    if (parts.some((part) => /\p{L}{2,}[,:;.]? +\p{L}/u.test(part))) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push({ file, line: line + 1, parts });
    }
    values.forEach(visit);
  };
  visit(source);
  return found;
}

function isHelp(node: ts.Node): boolean {
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return false;
  const { expression } = node;
  const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  return ts.isIdentifier(name) && helpFunctions.has(name.text);
}

/**
 * The pieces of a text: fixed ones, and `undefined` for a value.
 *
 * @param values gets the expressions of the values
 * @returns `undefined` for an expression that is no text
 */
function piecesOf(node: ts.Node, values: ts.Node[]): (string | undefined)[] | undefined {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isParenthesizedExpression(node)) return piecesOf(node.expression, values);
  if (ts.isTemplateExpression(node)) {
    return [
      node.head.text,
      ...node.templateSpans.flatMap(({ expression, literal }) => {
        values.push(expression);
        return [undefined, literal.text];
      }),
    ];
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const sides = [node.left, node.right].map((side) => ({ side, inner: new Array<ts.Node>() }));
    const pieces = sides.map(({ side, inner }) => piecesOf(side, inner));
    if (pieces.every((side) => side === undefined)) return undefined;
    return sides.flatMap(({ side, inner }, index) => {
      values.push(...(pieces[index] === undefined ? [side] : inner));
      return pieces[index] ?? [undefined];
    });
  }
  return undefined;
}

/** Neighbouring fixed pieces as one part; what stands between two parts is a value. */
function joined(pieces: readonly (string | undefined)[]): string[] {
  const parts = [''];
  for (const piece of pieces) {
    if (piece === undefined) parts.push('');
    else parts.push((parts.pop() ?? '') + piece);
  }
  return parts;
}
