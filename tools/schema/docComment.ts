import ts from 'typescript';

/** What the doc comment of a declaration says. */
export interface DocComment {
  /** Its text as Markdown, a line a paragraph, without code blocks. */
  text: string;
  /** Its tags by name, with the text of each. */
  tags: ReadonlyMap<string, string>;
}

/**
 * The doc comment of a symbol, in words that fit every language: code blocks are left out because they are TypeScript, and
 * `undefined`, which other languages call `None` or `nil`, becomes "not set".
 */
export function docCommentOf(symbol: ts.Symbol): DocComment {
  // Of a class in two halves, the value is what programs look up.
  const declaration = symbol.valueDeclaration ?? symbol.declarations?.[0];
  if (declaration === undefined) throw new Error(`${symbol.name} is not declared`);
  const text = ts
    .getJSDocCommentsAndTags(declaration)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '');
  const tags = ts
    .getJSDocTags(declaration)
    .map(({ tagName, comment }) => [tagName.text, ts.getTextOfJSDocComment(comment)?.trim() ?? ''] as const);
  return { text: markdownOf(text.join('\n\n')), tags: new Map(tags) };
}

/** The values of a list in a description, such as "- `lockOut`: …", each with what is said of it. */
export function describedValues(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(/^- `(\w+)`: (.+)$/gm)].map(([, value = '', said = '']) => [value, said]));
}

function markdownOf(text: string): string {
  return text
    .replace(/^```[\s\S]*?^```/gm, '')
    .replace(/\{@link ([^}|]+?)\}/g, '`$1`')
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.trim().replace(/\n(?!- )\s*/g, ' '))
    .filter((paragraph) => paragraph !== '')
    .map((paragraph) => paragraph.replace(/^`undefined`/, 'Not set').replaceAll('`undefined`', 'not set'))
    .join('\n\n')
    .replaceAll('`salesforce:', '`salesforce-eca:');
}
