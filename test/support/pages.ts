import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { Lexer, walkTokens, type Token, type Tokens } from 'marked';
import { repositoryFolder } from '../../tools/pulumiCli/repository.js';

/** A Markdown page of the repository. */
export interface Page {
  /** Path below the repository, with `/`. */
  path: string;
  /** Its tokens, those within others too, in the order of the page. */
  tokens: readonly Token[];
}

export function parsePage(path: string, text: string): Page {
  const tokens: Token[] = [];
  void walkTokens(new Lexer().lex(text), (token) => {
    tokens.push(token);
  });
  return { path, tokens };
}

export function readPage(path: string): Page {
  return parsePage(path, readFileSync(join(repositoryFolder, path), 'utf8'));
}

/** The pages that a user reads: README, docs, and the READMEs of examples and packages. */
export function readPages(): Page[] {
  const patterns = ['*.md', 'docs/**/*.md', '*/README.md', 'examples/**/README.md'];
  return globSync(patterns, { cwd: repositoryFolder, exclude: ['**/node_modules'] })
    .map((path) => path.split(sep).join('/'))
    .sort()
    .map(readPage);
}

export const isCode = (token: Token): token is Tokens.Code => token.type === 'code';
export const isHeading = (token: Token): token is Tokens.Heading => token.type === 'heading';
export const isHtml = (token: Token): token is Tokens.HTML => token.type === 'html';
export const isLink = (token: Token): token is Tokens.Link => token.type === 'link';
export const isImage = (token: Token): token is Tokens.Image => token.type === 'image';
export const isTable = (token: Token): token is Tokens.Table => token.type === 'table';
