import { styleText } from 'node:util';

/** The colours of reports. */
export type Colour = 'green' | 'yellow' | 'red';

/** Colours a text, or returns it unchanged. */
export function paint(text: string, colour: Colour, hasColours: boolean): string {
  return hasColours ? styleText(colour, text, { validateStream: false }) : text;
}
