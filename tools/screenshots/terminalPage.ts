import { stripVTControlCharacters } from 'node:util';

/** The colours of a dark terminal, by the number of the code that sets them. */
const colours: Readonly<Record<string, string>> = {
  31: '#f47067',
  32: '#6bc46d',
  33: '#daaa3f',
  34: '#6cb6ff',
  35: '#dcbdfb',
  36: '#56d4dd',
  90: '#768390',
  91: '#ff938a',
  92: '#8ddb8c',
  93: '#eac55f',
  94: '#6cb6ff',
  95: '#dcbdfb',
  96: '#76e3ea',
};

const escaped = (text: string): string =>
  stripVTControlCharacters(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** What a terminal shows of a text with colours (`ESC [ … m`), as HTML; other sequences are left out. */
export function htmlOf(output: string): string {
  let colour: string | undefined;
  let isBold = false;
  const [first = '', ...pieces] = output.split('\u001b[');
  return [
    escaped(first),
    ...pieces.map((piece) => {
      const [whole = '', codes = ''] = /^([\d;]*)m/.exec(piece) ?? [];
      if (whole === '') return escaped(`\u001b[${piece}`);
      for (const code of codes.replace(/38;5;(\d+)/g, (_, number) => code256(String(number))).split(';')) {
        if (code === '' || code === '0') [colour, isBold] = [undefined, false];
        else if (code === '1') isBold = true;
        else if (code === '22') isBold = false;
        else if (code === '39') colour = undefined;
        else colour = colours[code] ?? colour;
      }
      const style = [colour && `color:${colour}`, isBold && 'font-weight:bold'].filter(Boolean).join(';');
      const text = escaped(piece.slice(whole.length));
      return style === '' || text === '' ? text : `<span style="${style}">${text}</span>`;
    }),
  ].join('');
}

/** The code of one of the first 16 of 256 colours. */
function code256(number: string): string {
  const index = Number(number);
  return index < 8 ? `${30 + index}` : index < 16 ? `${82 + index}` : '39';
}

/** A page that looks like a terminal in which a command was typed. */
export function terminalPage(command: string, output: string): string {
  return `<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; background: #22272e; }
    pre { margin: 0; padding: 20px 24px; width: 100ch; white-space: pre-wrap; overflow-wrap: anywhere;
      font: 14px/1.5 "DejaVu Sans Mono", monospace; color: #adbac7; }
    b { color: #6bc46d; }
  </style><pre><b>$</b> ${escaped(command)}\n${htmlOf(output.trimEnd())}</pre>`;
}
