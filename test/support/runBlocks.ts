import assert from 'node:assert/strict';
import ts from 'typescript';
import { blockOf, codeBlocksOf, type CodeBlock } from './codeBlocks.js';
import { readPage } from './pages.js';

/** The literal strings in a call; fails if an argument is anything else. */
function literals(call: ts.CallExpression, count: number, file: string): string[] {
  const texts = call.arguments.filter(ts.isStringLiteralLike).map(({ text }) => text);
  assert.equal(texts.length, count, `${file}: the arguments of ${call.getText()} are literals`);
  return texts;
}

/**
 * The blocks of pages that a file's source runs: those that it gets by `codeBlock`, and all shell blocks of an example's README where it
 * opens the example and asserts that all was typed.
 */
export function blocksRunBy(
  file: string,
  source: string,
  blocksOf: (page: string) => CodeBlock[] = (page) => codeBlocksOf(readPage(page)),
): CodeBlock[] {
  const found: CodeBlock[] = [];
  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit);
    if (!ts.isCallExpression(node)) return;
    const called = node.expression.getText();
    if (called === 'codeBlock') {
      const [page = '', holding = ''] = literals(node, 2, file);
      found.push(blockOf(page, holding, blocksOf(page)));
    } else if (called === 'Example.open' && source.includes('example.assertAllTyped();')) {
      const [path = ''] = literals(node, 1, file);
      found.push(...blocksOf(`examples/${path}/README.md`).filter(({ language }) => language === 'sh'));
    }
  };
  if (/\bcodeBlock\(|\bExample\.open\(/.test(source))
    visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true));
  return found;
}
