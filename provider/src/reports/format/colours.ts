import { styleText } from 'node:util';

/** The colours of reports. */
export type Colour = 'green' | 'yellow' | 'red';

/** A text in a colour, or as it is. */
export function paint(text: string, colour: Colour, hasColours: boolean): string {
  return hasColours ? styleText(colour, text, { validateStream: false }) : text;
}
